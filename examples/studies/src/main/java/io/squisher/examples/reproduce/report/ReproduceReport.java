package io.squisher.examples.reproduce.report;

import io.squisher.examples.report.Estimates;
import io.squisher.examples.report.PartFigure;
import io.squisher.examples.reproduce.setting.ImageSource;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.report.Block;
import io.squisher.report.Column;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Figures.Estimate;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Table;
import io.squisher.report.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All results as a page. */
public final class ReproduceReport {
    private static final int DECIMALS = 2;
    private static final double SIGNIFICANT = 0.05;

    private ReproduceReport() {}

    public static Page page(List<Summary> summaries, ImageSource source, String command) {
        Map<String, String> headline = new LinkedHashMap<>();
        headline.put("settings", Integer.toString(summaries.size()));
        headline.put("seeds", seeds(summaries));
        headline.put("data", source.name().replaceFirst(" \\(.*", ""));
        List<Section> sections = new ArrayList<>();
        sections.add(overview(summaries));
        summaries.forEach(summary -> sections.add(setting(summary)));
        sections.add(new Section(
                "cost",
                "Cost of one model's diagonals",
                PageTables.cost(summaries),
                new Text.Paragraph(
                        "Medians. Fisher: gradient graph, pass over the examples, file. Squisher: loading it. Two runs went"
                                + " side by side.")));
        sections.add(new Section(
                "setup",
                "How it was done",
                new Text.Paragraph("The images are " + source.name() + "."),
                new Text.Code(command)));
        return new Page(
                "reproduce",
                "Fisher and Squisher in the paper's six settings",
                lead(summaries),
                headline,
                List.of(),
                sections);
    }

    private static String lead(List<Summary> summaries) {
        return above(summaries, Methods.SQUISHER) + " " + above(summaries, Methods.FISHER);
    }

    private static String above(List<Summary> summaries, String method) {
        long above = summaries.stream()
                .map(summary -> overBaseline(summary, method))
                .filter(test -> test.difference().mean() > 0 && test.p() < SIGNIFICANT)
                .count();
        long below = summaries.stream()
                .map(summary -> overBaseline(summary, method))
                .filter(test -> test.difference().mean() < 0 && test.p() < SIGNIFICANT)
                .count();
        return method + ": above the baseline in " + above + " of " + summaries.size() + " settings"
                + (below == 0 ? "" : ", below it in " + below) + " (p < " + SIGNIFICANT + ").";
    }

    private static PairedTest overBaseline(Summary summary, String method) {
        return summary.difference(
                summary.setting().parts().get(0),
                method,
                summary.setting().panel().baseline());
    }

    /** A panel for each setting, as in the paper's main figure, as differences to the baseline. */
    private static Section overview(List<Summary> summaries) {
        List<Block> blocks = new ArrayList<>();
        for (Summary summary : summaries) {
            Part part = summary.setting().parts().get(0);
            blocks.add(differences(
                    summary, part, "overview-" + summary.setting().name(), title(summary) + ": " + part.name()));
        }
        blocks.add(PageTables.results(summaries));
        return new Section("overview", "All settings, over their baselines", blocks);
    }

    private static String title(Summary summary) {
        String title = summary.setting().panel().title();
        String name = summary.setting().name();
        return title.equalsIgnoreCase(name) ? title : title + " (" + name + ")";
    }

    private static Block differences(Summary summary, Part part, String id, String title) {
        String baseline = summary.setting().panel().baseline();
        Map<String, Estimate> differences = new LinkedHashMap<>();
        for (String method : summary.methods(part)) {
            if (!method.equals(baseline)) {
                differences.put(method, Estimates.of(summary.difference(part, method, baseline), DECIMALS));
            }
        }
        return Figures.differences(
                new Caption(
                        id,
                        title,
                        "Differences to the baseline with intervals",
                        "Over '" + baseline + "', seed by seed. " + Estimates.INTERVAL),
                part.metric(),
                differences);
    }

    private static Section setting(Summary summary) {
        String name = summary.setting().name();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < summary.setting().parts().size(); i++) {
            Part part = summary.setting().parts().get(i);
            blocks.add(numbers(summary, part, name + "-" + i));
            if (i > 0) {
                blocks.add(differences(summary, part, name + "-differences-" + i, part.name() + ", over the baseline"));
            }
        }
        PageTables.agreement(summary).ifPresent(blocks::add);
        blocks.add(hyperparameters(summary));
        return new Section(name, title(summary), blocks);
    }

    /** What was measured: along the part's axis, or method by method. */
    private static Block numbers(Summary summary, Part part, String id) {
        PartFigure figure = new PartFigure(id, part.name(), part.metric(), summary.methods(part));
        return part.axis().isEmpty()
                ? figure.points(method -> summary.mean(part, method))
                : figure.lines(PanelPicture.axis(part), method -> PanelPicture.line(summary, part, method));
    }

    private static Table hyperparameters(Summary summary) {
        Table table = Table.of(
                "settings_" + summary.setting().name().replace('-', '_'),
                "Settings",
                Column.text("choice", "choice"),
                Column.text("value", "value"));
        summary.setting().hyperparameters().forEach((choice, value) -> table.row(choice, value));
        summary.results()
                .choice()
                .forEach(choice -> table.row(
                        "chosen on validation images",
                        choice.outcome().chosen().entrySet().stream()
                                .map(chosen -> chosen.getKey() + " "
                                        + summary.setting().words(chosen.getValue()))
                                .collect(Collectors.joining(", "))));
        return table;
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
