package io.squisher.examples.demo;

import io.squisher.Counted;
import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.report.BarChart;
import io.squisher.examples.report.HtmlReport;
import io.squisher.examples.report.LogScatter;
import io.squisher.examples.statistics.Sample;
import io.squisher.fisher.FisherFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The results as a page with pictures. */
final class DemoReport {
    private DemoReport() {}

    static void write(DemoResult result, Path file, String command) {
        int seeds = result.seeds().size();
        Map<String, Sample> bars = new LinkedHashMap<>();
        for (Method method : Method.values()) {
            bars.put(method.label(), result.test(method));
        }
        new HtmlReport("Merging two halves of the digits: average, Fisher, Squisher")
                .paragraph(result.settings().text())
                .paragraph(Fairness.TEXT)
                .code(command)
                .heading("Accuracy on all ten classes")
                .paragraph(Fairness.reading(result))
                .table(DemoTables.accuracy(result))
                .picture(
                        BarChart.draw(
                                "Test accuracy on all ten classes, " + Counted.of(seeds, "seed"), "accuracy (%)", bars),
                        "Mean and standard error over " + Counted.of(seeds, "seed")
                                + ", each with its own split and halves.")
                .heading("Squisher and Fisher side by side")
                .paragraph("Over both models of every seed: Spearman's rank correlation, the share of the largest tenth"
                        + " that both have in common (mean ± standard error), and the ratio of their sums (median), the"
                        + " Squisher being the batch size times Adam's bias-corrected accumulator.")
                .table(DemoTables.agreement(result))
                .picture(scatter(result), "Each point is a parameter of model a of the first seed.")
                .heading("What they cost for one model")
                .table(DemoTables.cost(result))
                .write(file);
    }

    private static byte[] scatter(DemoResult result) {
        FineTuned model = result.seeds().get(0).models().get(0);
        LogScatter scatter = new LogScatter("Fisher", "Squisher (batch size × accumulator)");
        try (FisherFile fisher = FisherFile.open(model.files().fisher());
                FisherFile squisher = FisherFile.open(model.files().squisher())) {
            for (String name : fisher.diagonal().names()) {
                double[] x = fisher.diagonal().tensor(name).toDoubles();
                double[] y = Arrays.stream(squisher.diagonal().tensor(name).toDoubles())
                        .map(value -> value * model.squisherScale())
                        .toArray();
                scatter.add(name, x, y);
            }
        }
        return scatter.draw(
                "Parameters of model a, seed " + result.seeds().get(0).seed());
    }
}
