package io.squisher.examples.reproduce.text.report;

import io.squisher.examples.report.Markdown;
import io.squisher.examples.reproduce.setting.Answer;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.statistics.Comparison;
import io.squisher.examples.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The results as tables in Markdown, for the documentation. */
final class TextMarkdown {
    private TextMarkdown() {}

    /** All tables, the answer first. */
    static String of(List<TextSummary> summaries) {
        Markdown tables = new Markdown();
        answer(summaries, tables);
        for (TextSummary summary : summaries) {
            if (!summary.parts().isEmpty()) {
                setting(summary, tables);
            }
        }
        return tables.text();
    }

    private static void answer(List<TextSummary> summaries, Markdown tables) {
        List<String> headings = new ArrayList<>(List.of("setting", "quantity"));
        headings.addAll(Answer.HEADINGS);
        headings.add("in the paper");
        tables.headings(headings);
        for (TextSummary summary : summaries) {
            List<Comparison<TextPart>> comparisons = summary.comparisons();
            for (TextPart part : summary.parts()) {
                if (part.isCompared()) {
                    answer(summary, part, comparisons, tables);
                }
            }
        }
        tables.line("");
    }

    private static void answer(
            TextSummary summary, TextPart part, List<Comparison<TextPart>> comparisons, Markdown tables) {
        List<String> differences =
                Answer.cells(comparisons, part, part.baseline(), summary.mean(part, part.baseline()));
        if (differences.isEmpty()) {
            return;
        }
        boolean first = part.equals(summary.setting().parts().get(0));
        List<String> cells = new ArrayList<>(List.of(summary.setting().title(), part.name() + ": " + part.metric()));
        cells.addAll(differences);
        cells.add(first ? summary.setting().paper() : "");
        tables.row(cells);
    }

    private static void setting(TextSummary summary, Markdown tables) {
        tables.line("### " + summary.setting().title());
        tables.line("");
        tables.line(summary.setting().words());
        tables.line("");
        List<Comparison<TextPart>> comparisons = summary.comparisons();
        for (TextPart part : summary.parts()) {
            tables.line(
                    "**" + part.name() + "**, " + part.metric() + (part.axis().isEmpty() ? "" : ", by " + part.axis()));
            tables.line("");
            part(summary, part, comparisons, tables);
            tables.line("");
        }
    }

    private static void part(
            TextSummary summary, TextPart part, List<Comparison<TextPart>> comparisons, Markdown tables) {
        Set<Double> places = new TreeSet<>();
        summary.methods(part).forEach(method -> places.addAll(summary.places(part, method)));
        boolean along = !part.axis().isEmpty();
        List<String> headings = new ArrayList<>(List.of("method"));
        if (along) {
            places.forEach(x -> headings.add(Markdown.place(x)));
        }
        headings.add("mean");
        if (part.isCompared()) {
            headings.addAll(List.of("over " + part.baseline(), "p"));
        }
        tables.headings(headings);
        for (String method : summary.methods(part)) {
            List<String> cells = new ArrayList<>(List.of(method));
            if (along) {
                Set<Double> own = summary.places(part, method);
                places.forEach(x ->
                        cells.add(own.contains(x) ? summary.at(part, method, x).text(2) : ""));
            }
            Sample mean = summary.mean(part, method);
            cells.add(mean.text(2));
            if (part.isCompared()) {
                Optional<Comparison<TextPart>> found = Comparison.find(comparisons, part, method, part.baseline());
                cells.addAll(List.of(Markdown.difference(found), Markdown.probability(found)));
            }
            tables.row(cells);
        }
        Comparison.find(comparisons, part, Methods.SQUISHER, Methods.FISHER)
                .ifPresent(between -> tables.row(between(summary, between, along ? places : Set.of())));
    }

    private static List<String> between(TextSummary summary, Comparison<TextPart> comparison, Set<Double> places) {
        List<String> cells = new ArrayList<>(List.of("Squisher − Fisher"));
        Set<Double> shared = new TreeSet<>(summary.places(comparison.part(), Methods.SQUISHER));
        shared.retainAll(summary.places(comparison.part(), Methods.FISHER));
        for (double x : places) {
            cells.add(
                    shared.contains(x)
                            ? summary.differenceAt(comparison.part(), Methods.SQUISHER, Methods.FISHER, x)
                                    .difference()
                                    .text(2)
                            : "");
        }
        cells.addAll(List.of(
                "", Markdown.difference(Optional.of(comparison)), Markdown.probability(Optional.of(comparison))));
        return cells;
    }
}
