package io.squisher.examples.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction (Holm 1979) of several tests at once: the i-th smallest of m probabilities is multiplied by m − i + 1, is not
 * below the ones before it, and at most 1. Rejecting those below α keeps the chance of any wrong rejection below α.
 */
public final class Holm {
    private Holm() {}

    /** The corrected probabilities in the same order; NaN is no test, and stays. */
    public static double[] adjusted(double... probabilities) {
        double[] adjusted = probabilities.clone();
        List<Integer> order = IntStream.range(0, probabilities.length)
                .filter(i -> !Double.isNaN(probabilities[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> probabilities[i]))
                .toList();
        double largest = 0;
        for (int rank = 0; rank < order.size(); rank++) {
            int i = order.get(rank);
            largest = Math.max(largest, Math.min(1, (order.size() - rank) * probabilities[i]));
            adjusted[i] = largest;
        }
        return adjusted;
    }
}
