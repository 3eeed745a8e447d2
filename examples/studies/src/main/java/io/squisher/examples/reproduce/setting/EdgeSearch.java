package io.squisher.examples.reproduce.setting;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A search over λ = base^exponent that goes on where the best lies at an edge, so that no best does.
 *
 * @param first exponent
 * @param last exponent
 * @param further how far the range may grow to each side
 */
public record EdgeSearch(double base, int first, int last, int further) {
    /**
     * What was found.
     *
     * @param scores by λ, in ascending order
     * @param atEdge whether the best is the smallest or largest that was tried
     */
    public record Found(double best, Map<Double, Double> scores, boolean atEdge) {}

    /** The λ that it starts with, in ascending order. */
    public List<Double> range() {
        return IntStream.rangeClosed(first, last)
                .mapToObj(exponent -> Math.pow(base, exponent))
                .toList();
    }

    /** The range that it starts with. */
    public String words() {
        return base + "^" + first + " to " + base + "^" + last;
    }

    /** Only the middle of the range, and nothing further: no search, but a try of one. */
    public EdgeSearch middle() {
        int middle = (first + last) / 2;
        return new EdgeSearch(base, middle, middle, 0);
    }

    /** The λ of the highest score; of equal ones the smallest. */
    public Found best(DoubleUnaryOperator score) {
        TreeMap<Integer, Double> scores = new TreeMap<>();
        for (int exponent = first; exponent <= last; exponent++) {
            scores.put(exponent, score.applyAsDouble(Math.pow(base, exponent)));
        }
        while (true) {
            int best = best(scores);
            if (best == scores.firstKey() && best > first - further) {
                scores.put(best - 1, score.applyAsDouble(Math.pow(base, best - 1.0)));
            } else if (best == scores.lastKey() && best < last + further) {
                scores.put(best + 1, score.applyAsDouble(Math.pow(base, best + 1.0)));
            } else {
                Map<Double, Double> all = new TreeMap<>();
                scores.forEach((exponent, value) -> all.put(Math.pow(base, exponent), value));
                return new Found(Math.pow(base, best), all, best == scores.firstKey() || best == scores.lastKey());
            }
        }
    }

    private static int best(TreeMap<Integer, Double> scores) {
        return scores.entrySet().stream()
                .max(Comparator.<Map.Entry<Integer, Double>>comparingDouble(Map.Entry::getValue)
                        .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
                .orElseThrow()
                .getKey();
    }
}
