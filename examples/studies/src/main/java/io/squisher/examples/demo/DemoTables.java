package io.squisher.examples.demo;

import io.squisher.apps.compare.Agreement;
import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.report.Estimates;
import io.squisher.examples.report.Table;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The results as tables, for the terminal and the report alike. */
final class DemoTables {
    private static final double MILLI = 1e3;

    private DemoTables() {}

    /** Accuracy on all ten classes. */
    static Table accuracy(DemoResult result) {
        Table table = new Table("model", "accuracy, %", "better than average by", "p");
        for (Method method : Method.values()) {
            boolean compared = method == Method.FISHER || method == Method.SQUISHER;
            PairedTest test = result.overAverage(method);
            table.row(
                    method.label(),
                    result.test(method).text(1),
                    compared ? test.difference().text(1) : "",
                    compared ? Estimates.probability(test.p()) : "");
        }
        return table;
    }

    /** Agreement of Squisher and Fisher. */
    static Table agreement(DemoResult result) {
        Table table = new Table("parameter", "rank correlation", "top 10 % in common", "ratio Squisher / Fisher");
        for (String name : result.parameters()) {
            agreement(table, result, name, model -> model.agreement().tensors().get(name));
        }
        agreement(table, result, "all", model -> model.agreement().overall());
        return table;
    }

    private static void agreement(
            Table table, DemoResult result, String name, java.util.function.Function<FineTuned, Agreement> of) {
        ToDoubleFunction<FineTuned> ratio =
                model -> model.squisherScale() * of.apply(model).scaleRatio();
        table.row(
                name,
                result.ofModels(model -> of.apply(model).spearman()).text(2),
                result.ofModels(model -> 100 * of.apply(model).topOverlap()).text(0),
                String.format(Locale.ROOT, "%.3g", result.ofModels(ratio).median()));
    }

    /** What the two diagonals of one model cost. */
    static Table cost(DemoResult result) {
        Sample together = result.ofModels(model -> model.files().cost().checkpointWithSquisherSeconds());
        Sample alone = result.ofModels(model -> model.files().cost().checkpointSeconds());
        return new Table("", "milliseconds, median", "bytes")
                .row(
                        "Fisher: gradient graph, " + trainingImages(result) + " images, file",
                        milliseconds(
                                result.ofModels(model -> model.files().cost().fisherSeconds())),
                        bytes(result.ofModels(model -> model.files().cost().fisherBytes())))
                .row("checkpoint with Squisher", milliseconds(together), bytes(result.ofModels(model -> model.files()
                        .cost()
                        .squisherBytes())))
                .row("checkpoint alone", milliseconds(alone), "");
    }

    private static String trainingImages(DemoResult result) {
        return "about " + Math.round(result.ofModels(FineTuned::trainingImages).mean());
    }

    private static String milliseconds(Sample seconds) {
        return String.format(Locale.ROOT, "%.1f", MILLI * seconds.median());
    }

    private static String bytes(Sample sizes) {
        return Long.toString(Math.round(sizes.median()));
    }
}
