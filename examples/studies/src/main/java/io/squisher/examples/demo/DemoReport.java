package io.squisher.examples.demo;

import io.squisher.Counted;
import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.report.Estimates;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.report.Block;
import io.squisher.report.Column;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Figures.Estimate;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Table;
import io.squisher.report.Text;
import io.squisher.report.sensitivity.PassInputs;
import io.squisher.report.sensitivity.SensitivityPass;
import io.squisher.report.sensitivity.SensitivitySections;
import io.squisher.report.sensitivity.ShownDiagonal;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results as a page. */
final class DemoReport {
    private static final List<Method> COMPARED = List.of(Method.FISHER, Method.SQUISHER);

    private DemoReport() {}

    static Page page(DemoResult result, String command) {
        Map<String, String> headline = new LinkedHashMap<>();
        headline.put("average", result.test(Method.AVERAGE).text(1) + " %");
        COMPARED.forEach(method -> headline.put(
                method.label() + " over average",
                result.overAverage(method).difference().text(1) + " points"));
        headline.put("seeds", Integer.toString(result.seeds().size()));
        List<Section> sections = new ArrayList<>(List.of(
                accuracy(result),
                agreement(result),
                new Section("cost", "What they cost for one model", cost(result)),
                new Section(
                        "setup",
                        "How it was done",
                        new Text.Paragraph(result.settings().text()),
                        new Text.Paragraph(Fairness.TEXT),
                        new Text.Code(command))));
        return new Page(
                "demo",
                "Merging two halves of the digits: average, Fisher, Squisher",
                Fairness.reading(result),
                headline,
                List.of(),
                sections);
    }

    private static Section accuracy(DemoResult result) {
        Map<String, Estimate> differences = new LinkedHashMap<>();
        COMPARED.forEach(method -> differences.put(method.label(), Estimates.of(result.overAverage(method), 1)));
        Map<String, Estimate> means = new LinkedHashMap<>();
        Table table = Table.of(
                "accuracy",
                "Test accuracy on all ten classes, percent",
                Column.text("model", "model"),
                Column.number("mean", "mean"),
                Column.number("standard_error", "standard error"),
                Column.number("over_average", "better than average by"),
                Column.number("over_average_standard_error", "its standard error"),
                Column.number("p", "p"));
        for (Method method : Method.values()) {
            Sample sample = result.test(method);
            means.put(method.label(), Estimates.of(sample, 1));
            PairedTest test = COMPARED.contains(method) ? result.overAverage(method) : null;
            table.row(
                    method.label(),
                    sample.mean(),
                    sample.standardError(),
                    test == null ? null : test.difference().mean(),
                    test == null ? null : test.difference().standardError(),
                    test == null ? null : test.p());
        }
        String seeds = " " + Estimates.INTERVAL + " "
                + Counted.of(result.seeds().size(), "seed") + ", each with its own split and halves.";
        return new Section(
                "accuracy",
                "Accuracy on all ten classes",
                Figures.differences(
                        new Caption(
                                "differences",
                                "Better than averaging by",
                                "Differences to averaging, in percentage points, with intervals",
                                "Seed by seed." + seeds),
                        "percentage points",
                        differences),
                Figures.points(
                        new Caption("means", "Test accuracy", "Means with intervals", seeds.strip()),
                        "accuracy, %",
                        means),
                table);
    }

    private static Section agreement(DemoResult result) {
        FineTuned model = result.seeds().get(0).models().get(0);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Text.Paragraph(
                "The Squisher is the batch size times Adam's bias-corrected accumulator. The pictures are of"
                        + " model a of the first seed, the table of both models of every seed."));
        try (FisherFile fisher = FisherFile.open(model.files().fisher());
                FisherFile squisher = FisherFile.open(model.files().squisher())) {
            Map<String, Tensor> exact = tensors(fisher.diagonal(), 1);
            Map<String, Tensor> recycled = tensors(squisher.diagonal(), model.squisherScale());
            SensitivitySections sensitivity = new SensitivitySections(
                    List.of(
                            new ShownDiagonal(
                                    "Fisher",
                                    SensitivityPass.over(
                                            new PassInputs(exact, Map.of(), Map.of(), recycled, List.of()))),
                            new ShownDiagonal("Squisher", SensitivityPass.over(PassInputs.of(recycled)))),
                    Map.of(),
                    List.of());
            sensitivity.pairs("Fisher", "Squisher").ifPresent(blocks::add);
            blocks.addAll(sensitivity.overview());
        }
        blocks.add(agreements(result));
        return new Section("agreement", "Squisher and Fisher side by side", blocks);
    }

    private static Map<String, Tensor> tensors(FisherDiagonal diagonal, double scale) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : diagonal.names()) {
            Tensor tensor = diagonal.tensor(name);
            double[] values = Arrays.stream(tensor.toDoubles())
                    .map(value -> value * scale)
                    .toArray();
            tensors.put(name, Tensor.of(tensor.shape(), values));
        }
        return tensors;
    }

    private static Table agreements(DemoResult result) {
        Table table = Table.of(
                "agreement",
                "Agreement of Squisher and Fisher",
                Column.text("parameter", "parameter"),
                Column.number("rank_correlation", "rank correlation"),
                Column.share("top_overlap", "top 10 % in common"),
                Column.number("ratio", "Squisher / Fisher, median"));
        for (String name : result.parameters()) {
            row(table, name, result, model -> model.agreement().tensors().get(name));
        }
        row(table, "all", result, model -> model.agreement().overall());
        return table;
    }

    private static void row(
            Table table,
            String name,
            DemoResult result,
            java.util.function.Function<FineTuned, io.squisher.apps.compare.Agreement> of) {
        ToDoubleFunction<FineTuned> ratio =
                model -> model.squisherScale() * of.apply(model).scaleRatio();
        table.row(
                name,
                result.ofModels(model -> of.apply(model).spearman()).mean(),
                result.ofModels(model -> of.apply(model).topOverlap()).mean(),
                result.ofModels(ratio).median());
    }

    private static Table cost(DemoResult result) {
        Table table = Table.of(
                "cost",
                "Cost, medians",
                Column.text("what", "what"),
                Column.number("seconds", "seconds"),
                Column.count("bytes", "bytes"));
        table.row(
                "Fisher: gradient graph, about "
                        + Math.round(result.ofModels(FineTuned::trainingImages).mean()) + " images, file",
                result.ofModels(model -> model.files().cost().fisherSeconds()).median(),
                result.ofModels(model -> model.files().cost().fisherBytes()).median());
        table.row(
                "checkpoint with Squisher",
                result.ofModels(model -> model.files().cost().checkpointWithSquisherSeconds())
                        .median(),
                result.ofModels(model -> model.files().cost().squisherBytes()).median());
        return table.row(
                "checkpoint alone",
                result.ofModels(model -> model.files().cost().checkpointSeconds())
                        .median(),
                null);
    }
}
