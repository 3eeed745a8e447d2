package io.squisher.apps.compare;

import io.squisher.apps.plan.Problems;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two diagonals A and B side by side, over the tensors that both have.
 *
 * @param overall over all coordinates as one vector
 * @param tensors by name, in A's order
 * @param onlyInFirst names of A's tensors that B lacks
 * @param onlyInSecond names of B's tensors that A lacks
 */
public record Comparison(
        Agreement overall, Map<String, Agreement> tensors, List<String> onlyInFirst, List<String> onlyInSecond) {
    /** Most coordinates that are sorted for the rank figures; more are sampled at even distances. */
    public static final int RANKED_LIMIT = 1 << 22;

    /**
     * Compares the floating-point tensors that {@code a} and {@code b} share by name.
     *
     * @param a the reference
     * @param topFraction the share of coordinates, above 0 and at most 1, that are the "largest" of the overlap
     * @throws io.squisher.SquisherException if shapes differ (all are listed), or no name is common
     */
    public static Comparison of(Map<String, Tensor> a, Map<String, Tensor> b, double topFraction) {
        return of(a, b, topFraction, RANKED_LIMIT);
    }

    /** As {@link #of(Map, Map, double)}, with another limit than {@link #RANKED_LIMIT}. */
    static Comparison of(Map<String, Tensor> a, Map<String, Tensor> b, double topFraction, int ranked) {
        List<String> common = common(a, b);
        Map<String, Double> largest = new LinkedHashMap<>();
        double largestOfA = 0;
        double largestOfB = 0;
        long total = 0;
        for (String name : common) {
            largest.put(name, PairSums.largest(a.get(name)));
            largestOfA = Math.max(largestOfA, largest.get(name));
            largestOfB = Math.max(largestOfB, PairSums.largest(b.get(name)));
            total += a.get(name).size();
        }
        RankSample all = new RankSample(total, ranked);
        PairSums overall = new PairSums(largestOfA, largestOfB);
        Map<String, Agreement> tensors = new LinkedHashMap<>();
        for (String name : common) {
            Tensor first = a.get(name);
            Tensor second = b.get(name);
            RankSample sample = new RankSample(first.size(), ranked);
            PairSums single = new PairSums(largestOfA, largestOfB);
            single.add(first, second, largest.get(name), sample);
            overall.add(first, second, largest.get(name), all);
            tensors.put(name, single.agreement(sample, topFraction));
        }
        return new Comparison(overall.agreement(all, topFraction), tensors, without(a, b), without(b, a));
    }

    private static List<String> common(Map<String, Tensor> a, Map<String, Tensor> b) {
        Problems problems = new Problems("cannot compare");
        List<String> common = new ArrayList<>();
        a.forEach((name, first) -> {
            Tensor second = b.get(name);
            if (second == null || !first.type().isFloating() || !second.type().isFloating()) {
                return;
            }
            common.add(name);
            if (!first.shape().equals(second.shape())) {
                problems.add("'" + name + "' is " + TensorSpec.of(first) + " in the first file and "
                        + TensorSpec.of(second) + " in the second");
            }
        });
        if (common.isEmpty()) {
            problems.add("the files have no floating-point tensor in common; 'squisher inspect' lists what they have");
        }
        problems.throwIfAny();
        return common;
    }

    private static List<String> without(Map<String, Tensor> a, Map<String, Tensor> b) {
        return a.keySet().stream().filter(name -> !b.containsKey(name)).toList();
    }
}
