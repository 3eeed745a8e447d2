package io.squisher.examples.reproduce.text.report;

import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.statistics.Holm;
import io.squisher.examples.statistics.PairedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One method against another.
 *
 * @param test of the means over the axis
 * @param p Holm's corrected probability among all comparisons of the setting; NaN for fewer than two observations
 */
record TextComparison(TextPart part, String method, String other, PairedTest test, double p) {
    /** All comparisons of a setting: each method with the baseline, and the Squisher with the Fisher. */
    static List<TextComparison> of(TextSummary summary) {
        List<TextComparison> all = new ArrayList<>();
        for (TextPart part : summary.parts()) {
            Set<String> methods = summary.methods(part);
            if (!part.isCompared() || !methods.contains(part.baseline())) {
                continue;
            }
            for (String method : methods) {
                if (!method.equals(part.baseline())) {
                    all.add(compared(summary, part, method, part.baseline()));
                }
            }
            if (methods.contains(Methods.FISHER) && methods.contains(Methods.SQUISHER)) {
                all.add(compared(summary, part, Methods.SQUISHER, Methods.FISHER));
            }
        }
        double[] adjusted = Holm.adjusted(
                all.stream().mapToDouble(comparison -> comparison.test().p()).toArray());
        List<TextComparison> corrected = new ArrayList<>();
        for (int i = 0; i < adjusted.length; i++) {
            corrected.add(all.get(i).withProbability(adjusted[i]));
        }
        return corrected;
    }

    private static TextComparison compared(TextSummary summary, TextPart part, String method, String other) {
        PairedTest test = summary.difference(part, method, other);
        return new TextComparison(part, method, other, test, test.p());
    }

    private TextComparison withProbability(double corrected) {
        return new TextComparison(part, method, other, test, corrected);
    }

    /** The comparison of two methods of a part, if there is one. */
    static Optional<TextComparison> find(List<TextComparison> all, TextPart part, String method, String other) {
        return all.stream()
                .filter(comparison -> comparison.part().equals(part)
                        && comparison.method().equals(method)
                        && comparison.other().equals(other))
                .findFirst();
    }

    /** How many observations it rests on. */
    int observations() {
        return test.difference().values().length;
    }
}
