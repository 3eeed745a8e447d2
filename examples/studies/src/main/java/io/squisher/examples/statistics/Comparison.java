package io.squisher.examples.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One method against another.
 *
 * @param part what was measured
 * @param test of the means over the part's axis
 * @param p Holm's corrected probability among the comparisons that it was {@link #corrected} with; NaN for fewer than two
 *     observations
 */
public record Comparison<P>(P part, String method, String other, PairedTest test, double p) {
    /** Not corrected yet. */
    public Comparison(P part, String method, String other, PairedTest test) {
        this(part, method, other, test, test.p());
    }

    /** The same comparisons with their probabilities corrected for there being so many (Holm 1979). */
    public static <P> List<Comparison<P>> corrected(List<Comparison<P>> all) {
        double[] adjusted = Holm.adjusted(
                all.stream().mapToDouble(comparison -> comparison.test().p()).toArray());
        List<Comparison<P>> corrected = new ArrayList<>();
        for (int i = 0; i < adjusted.length; i++) {
            Comparison<P> one = all.get(i);
            corrected.add(new Comparison<>(one.part(), one.method(), one.other(), one.test(), adjusted[i]));
        }
        return corrected;
    }

    /** The comparison of two methods of a part, if there is one. */
    public static <P> Optional<Comparison<P>> find(List<Comparison<P>> all, P part, String method, String other) {
        return all.stream()
                .filter(comparison -> comparison.part().equals(part)
                        && comparison.method().equals(method)
                        && comparison.other().equals(other))
                .findFirst();
    }

    /** How many observations it rests on. */
    public int observations() {
        return test.difference().values().length;
    }
}
