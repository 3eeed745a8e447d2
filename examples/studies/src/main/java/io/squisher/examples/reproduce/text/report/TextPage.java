package io.squisher.examples.reproduce.text.report;

import io.squisher.examples.report.Estimates;
import io.squisher.examples.report.PartFigure;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.statistics.Comparison;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The results as a page. */
final class TextPage {
    private static final int DECIMALS = 2;
    private static final double SIGNIFICANT = 0.05;

    private TextPage() {}

    static Page of(List<TextSummary> all, String command) {
        List<TextSummary> summaries =
                all.stream().filter(summary -> !summary.parts().isEmpty()).toList();
        Map<String, String> headline = new LinkedHashMap<>();
        headline.put("settings", Integer.toString(summaries.size()));
        headline.put(
                "seeds",
                Integer.toString(
                        summaries.stream().mapToInt(TextSummary::seeds).max().orElse(0)));
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("answer", "All comparisons", comparisons(summaries)));
        summaries.forEach(summary -> sections.add(setting(summary)));
        sections.add(new Section("setup", "How it was run", new Text.Code(command)));
        return new Page(
                "reproduce-text",
                "Fisher and Squisher on text tasks with a pre-trained encoder",
                lead(summaries),
                headline,
                List.of(),
                sections);
    }

    private static String lead(List<TextSummary> summaries) {
        List<Comparison<TextPart>> all = summaries.stream()
                .flatMap(summary -> summary.comparisons().stream())
                .toList();
        long told =
                all.stream().filter(comparison -> comparison.p() < SIGNIFICANT).count();
        return told + " of " + all.size() + " comparisons can be told from chance (p < " + SIGNIFICANT
                + " after Holm's correction within their setting).";
    }

    private static Table comparisons(List<TextSummary> summaries) {
        Table table = Table.of(
                "comparisons",
                "One method against another, means over the axis, 95 % intervals",
                Column.text("setting", "setting"),
                Column.text("part", "part"),
                Column.text("method", "method"),
                Column.text("over", "over"),
                Column.number("difference", "difference"),
                Column.number("low", "from"),
                Column.number("high", "to"),
                Column.number("p_holm", "p, corrected"),
                Column.count("n", "n"));
        for (TextSummary summary : summaries) {
            for (Comparison<TextPart> comparison : summary.comparisons()) {
                Estimate estimate = Estimates.of(comparison.test().difference(), DECIMALS);
                table.row(
                        summary.setting().name(),
                        comparison.part().name(),
                        comparison.method(),
                        comparison.other(),
                        estimate.mean(),
                        estimate.low(),
                        estimate.high(),
                        comparison.p(),
                        comparison.observations());
            }
        }
        return table;
    }

    private static Section setting(TextSummary summary) {
        String name = summary.setting().name();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Text.Paragraph(summary.setting().words()));
        List<TextPart> parts = summary.parts();
        for (int i = 0; i < parts.size(); i++) {
            TextPart part = parts.get(i);
            blocks.add(numbers(summary, part, name + "-" + i));
            if (part.isCompared() && summary.methods(part).contains(part.baseline())) {
                blocks.add(differences(summary, part, name + "-over-" + i));
            }
        }
        for (int i = 0; i < summary.setting().matrices().size(); i++) {
            TextPart part = summary.setting().matrices().get(i);
            Set<String> tasks = new LinkedHashSet<>(summary.methods(part));
            if (!tasks.isEmpty()) {
                List<String> names = List.copyOf(tasks);
                Caption caption = new Caption(name + "-matrix-" + i, part.name(), part.metric());
                blocks.add(Figures.matrix(caption, names, names, summary.matrix(part, names)));
            }
        }
        return new Section(name, summary.setting().title(), blocks);
    }

    private static Block differences(TextSummary summary, TextPart part, String id) {
        Map<String, Estimate> differences = new LinkedHashMap<>();
        for (String method : summary.methods(part)) {
            if (!method.equals(part.baseline())) {
                PairedTest test = summary.difference(part, method, part.baseline());
                differences.put(method, Estimates.of(test.difference(), DECIMALS));
            }
        }
        Caption caption = new Caption(
                id,
                part.name() + ", over the baseline",
                "Differences to the baseline with intervals",
                "Over '" + part.baseline() + "'. " + Estimates.INTERVAL);
        return Figures.differences(caption, part.metric(), differences);
    }

    /** What was measured: along the part's axis, or method by method. */
    private static Block numbers(TextSummary summary, TextPart part, String id) {
        PartFigure figure = new PartFigure(id, part.name(), part.metric(), summary.methods(part));
        return part.axis().isEmpty()
                ? figure.points(method -> summary.mean(part, method))
                : figure.lines(part.axis(), method -> TextPicture.line(summary, part, method));
    }
}
