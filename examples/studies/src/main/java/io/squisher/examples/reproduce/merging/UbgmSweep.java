package io.squisher.examples.reproduce.merging;

import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.Listed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * The α and δ0 that are tried.
 *
 * @param alpha for every δ0 anew
 * @param deltas times the mean of the base's Hessian, in ascending order
 */
public record UbgmSweep(EdgeSearch alpha, List<Double> deltas) {
    /** One that was tried, with its score. */
    record Tried(double alpha, double delta0, double score) {}

    /** All that are tried of a method with both. */
    List<Tried> tried(DoubleBinaryOperator score) {
        List<Tried> tried = new ArrayList<>();
        for (double delta : deltas) {
            tried.addAll(triedAlphas(delta, tryOf -> score.applyAsDouble(tryOf, delta)));
        }
        return tried;
    }

    /** All α that are tried with one δ0. */
    List<Tried> triedAlphas(double delta, DoubleUnaryOperator score) {
        return alpha.best(score).scores().entrySet().stream()
                .map(entry -> new Tried(entry.getKey(), delta, entry.getValue()))
                .toList();
    }

    /** The best; of equal ones the first. */
    static Tried best(List<Tried> tried) {
        return tried.stream()
                .reduce((best, next) -> next.score() > best.score() ? next : best)
                .orElseThrow();
    }

    String words() {
        return "alpha one of " + Listed.of(alpha.range()) + ", and further by factors of " + Listed.of(alpha.base())
                + " while the best lies at an edge, delta0 one of " + Listed.of(deltas)
                + " times the mean of the base's Hessian; the best on validation images, all classes";
    }
}
