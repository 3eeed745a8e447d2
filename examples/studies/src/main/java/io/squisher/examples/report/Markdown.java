package io.squisher.examples.report;

import io.squisher.examples.statistics.Comparison;
import io.squisher.examples.statistics.Sample;
import io.squisher.report.Figures.Estimate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Results as tables in Markdown, for the documentation. */
public final class Markdown {
    private static final String CELL = " | ";
    private static final MathContext DIGITS = new MathContext(4);
    private static final double SMALLEST_PLAIN = 1e-4;
    private static final double LARGEST_PLAIN = 1e9;

    private final List<String> lines = new ArrayList<>();

    /** Adds a line of text. */
    public Markdown line(String text) {
        lines.add(text);
        return this;
    }

    /** Begins a table. */
    public Markdown headings(List<String> headings) {
        row(headings);
        return row(Collections.nCopies(headings.size(), "---"));
    }

    /** Adds a row to the table that was begun last. */
    public Markdown row(List<String> cells) {
        return line("| " + String.join(CELL, cells) + " |");
    }

    /** Everything that was added. */
    public String text() {
        return String.join("\n", lines) + "\n";
    }

    /** A difference with its 95 % interval; without one for a single observation. */
    public static String difference(Sample difference) {
        Estimate estimate = Estimates.of(difference, 2);
        return Double.isNaN(estimate.low())
                ? String.format(Locale.ROOT, "%+.2f", estimate.mean())
                : String.format(Locale.ROOT, "%+.2f [%+.2f, %+.2f]", estimate.mean(), estimate.low(), estimate.high());
    }

    /** The difference of a comparison; empty where there is none. */
    public static String difference(Optional<? extends Comparison<?>> comparison) {
        return comparison.map(found -> difference(found.test().difference())).orElse("");
    }

    /** The probability of a comparison; empty where there is none. */
    public static String probability(Optional<? extends Comparison<?>> comparison) {
        return comparison.map(found -> Estimates.probability(found.p())).orElse("");
    }

    /** A place on an axis without needless digits. */
    public static String place(double x) {
        BigDecimal number = new BigDecimal(x).round(DIGITS).stripTrailingZeros();
        boolean plain = x == 0 || Math.abs(x) >= SMALLEST_PLAIN && Math.abs(x) < LARGEST_PLAIN;
        return plain ? number.toPlainString() : number.toString();
    }
}
