package io.squisher.examples.reproduce.text.report;

import io.squisher.examples.report.Estimates;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.statistics.Sample;
import io.squisher.report.Figures.Estimate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The results as tables in Markdown, for the documentation. */
final class TextMarkdown {
    private static final double SMALL = 1e-3;
    private static final String CELL = " | ";
    private static final MathContext DIGITS = new MathContext(4);
    private static final double SMALLEST_PLAIN = 1e-4;
    private static final double LARGEST_PLAIN = 1e9;

    private TextMarkdown() {}

    /** All tables, the answer first. */
    static String of(List<TextSummary> summaries) {
        List<String> lines = new ArrayList<>();
        answer(summaries, lines);
        for (TextSummary summary : summaries) {
            if (!summary.parts().isEmpty()) {
                setting(summary, lines);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static void answer(List<TextSummary> summaries, List<String> lines) {
        row(
                lines,
                "setting",
                "quantity",
                "baseline",
                "Fisher − baseline",
                "p",
                "Squisher − baseline",
                "p",
                "Squisher − Fisher",
                "p",
                "n",
                "in the paper");
        rule(lines, 11);
        for (TextSummary summary : summaries) {
            List<TextComparison> comparisons = TextComparison.of(summary);
            for (TextPart part : summary.parts()) {
                if (part.isCompared()) {
                    answer(summary, part, comparisons, lines);
                }
            }
        }
        lines.add("");
    }

    private static void answer(
            TextSummary summary, TextPart part, List<TextComparison> comparisons, List<String> lines) {
        Optional<TextComparison> fisher = TextComparison.find(comparisons, part, Methods.FISHER, part.baseline());
        Optional<TextComparison> squisher = TextComparison.find(comparisons, part, Methods.SQUISHER, part.baseline());
        Optional<TextComparison> between = TextComparison.find(comparisons, part, Methods.SQUISHER, Methods.FISHER);
        if (squisher.isEmpty()) {
            return;
        }
        boolean first = part.equals(summary.setting().parts().get(0));
        row(
                lines,
                summary.setting().title(),
                part.name() + ": " + part.metric(),
                summary.mean(part, part.baseline()).text(2) + " (" + part.baseline() + ")",
                difference(fisher),
                probability(fisher),
                difference(squisher),
                probability(squisher),
                difference(between),
                probability(between),
                Integer.toString(squisher.get().observations()),
                first ? summary.setting().paper() : "");
    }

    private static void setting(TextSummary summary, List<String> lines) {
        lines.add("### " + summary.setting().title());
        lines.add("");
        lines.add(summary.setting().words());
        lines.add("");
        List<TextComparison> comparisons = TextComparison.of(summary);
        for (TextPart part : summary.parts()) {
            lines.add(
                    "**" + part.name() + "**, " + part.metric() + (part.axis().isEmpty() ? "" : ", by " + part.axis()));
            lines.add("");
            part(summary, part, comparisons, lines);
            lines.add("");
        }
    }

    private static void part(TextSummary summary, TextPart part, List<TextComparison> comparisons, List<String> lines) {
        Set<Double> places = new TreeSet<>();
        summary.methods(part).forEach(method -> places.addAll(summary.places(part, method)));
        boolean along = !part.axis().isEmpty();
        List<String> headings = new ArrayList<>(List.of("method"));
        if (along) {
            places.forEach(x -> headings.add(place(x)));
        }
        headings.add("mean");
        if (part.isCompared()) {
            headings.addAll(List.of("over " + part.baseline(), "p"));
        }
        row(lines, headings.toArray(String[]::new));
        rule(lines, headings.size());
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
                Optional<TextComparison> found = TextComparison.find(comparisons, part, method, part.baseline());
                cells.addAll(List.of(difference(found), probability(found)));
            }
            row(lines, cells.toArray(String[]::new));
        }
        TextComparison.find(comparisons, part, Methods.SQUISHER, Methods.FISHER)
                .ifPresent(between -> row(lines, between(summary, between, along ? places : Set.of())));
    }

    private static String[] between(TextSummary summary, TextComparison comparison, Set<Double> places) {
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
        cells.addAll(List.of("", difference(Optional.of(comparison)), probability(Optional.of(comparison))));
        return cells.toArray(String[]::new);
    }

    /** A difference with its 95 % interval. */
    private static String difference(Optional<TextComparison> comparison) {
        return comparison
                .map(found -> {
                    Estimate estimate = Estimates.of(found.test().difference(), 2);
                    return Double.isNaN(estimate.low())
                            ? String.format(Locale.ROOT, "%+.2f", estimate.mean())
                            : String.format(
                                    Locale.ROOT,
                                    "%+.2f [%+.2f, %+.2f]",
                                    estimate.mean(),
                                    estimate.low(),
                                    estimate.high());
                })
                .orElse("");
    }

    private static String probability(Optional<TextComparison> comparison) {
        return comparison
                .map(TextComparison::p)
                .filter(p -> !Double.isNaN(p))
                .map(p -> p < SMALL ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p))
                .orElse("");
    }

    private static String place(double x) {
        BigDecimal number = new BigDecimal(x).round(DIGITS).stripTrailingZeros();
        boolean plain = x == 0 || Math.abs(x) >= SMALLEST_PLAIN && Math.abs(x) < LARGEST_PLAIN;
        return plain ? number.toPlainString() : number.toString();
    }

    private static void row(List<String> lines, String... cells) {
        lines.add("| " + String.join(CELL, cells) + " |");
    }

    private static void rule(List<String> lines, int columns) {
        lines.add("| " + String.join(CELL, java.util.Collections.nCopies(columns, "---")) + " |");
    }
}
