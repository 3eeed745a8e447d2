package io.squisher.examples.reproduce.report;

import io.squisher.examples.report.HtmlReport;
import io.squisher.examples.report.Table;
import io.squisher.examples.reproduce.setting.ImageSource;
import io.squisher.examples.reproduce.setting.Part;
import java.nio.file.Path;
import java.util.List;

/** All results as one page. */
public final class ReproduceReport {
    private ReproduceReport() {}

    public static void write(List<Summary> summaries, ImageSource source, String command, byte[] picture, Path file) {
        String seeds = seeds(summaries);
        HtmlReport report = new HtmlReport("Fisher and Squisher in the paper's six settings")
                .paragraph("Data: " + source.name() + ". " + seeds
                        + " seeds; mean ± standard error; p of a paired t-test of the means over a part's axis.")
                .code(command)
                .picture(picture, "The settings' first quantities: mean and standard error over " + seeds + " seeds.")
                .heading("Cost of one model's diagonals")
                .paragraph(
                        "Median. Fisher: gradient graph, pass over the examples, file. Squisher: loading it. Two runs"
                                + " went side by side.")
                .table(ReproduceTables.cost(summaries));
        for (Summary summary : summaries) {
            report.heading(
                    summary.setting().panel().title() + " (" + summary.setting().name() + ")");
            for (Part part : summary.setting().parts()) {
                report.paragraph(part.name() + ": " + part.metric()).table(ReproduceTables.results(summary, part));
            }
            Table words = new Table("choice", "value");
            summary.setting().hyperparameters().forEach(words::row);
            summary.results()
                    .choice()
                    .forEach(choice -> words.row(
                            "chosen on validation images",
                            choice.outcome().chosen().toString()));
            report.table(words).table(ReproduceTables.agreement(summary));
        }
        report.write(file);
    }

    private static String seeds(List<Summary> summaries) {
        int[] seeds = summaries.stream()
                .mapToInt(summary -> summary.results().seeds().size())
                .sorted()
                .toArray();
        int fewest = seeds[0];
        int most = seeds[seeds.length - 1];
        return fewest == most ? Integer.toString(most) : fewest + " to " + most;
    }
}
