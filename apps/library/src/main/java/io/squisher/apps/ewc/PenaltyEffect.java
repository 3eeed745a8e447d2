package io.squisher.apps.ewc;

import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a consolidated penalty does: how firmly it holds, and what it costs at known weights.
 *
 * @param extent of the consolidated Fisher
 * @param constant what the tasks' own penalties add up to at their common centre: the same everywhere
 * @param values λ/2 Σ F (θ − θ*)² and the constant at known weights, by their files
 */
public record PenaltyEffect(EwcPenalty.Extent extent, double constant, Map<String, Double> values) {
    public PenaltyEffect {
        values = new LinkedHashMap<>(values);
    }

    /**
     * Reads the whole penalty, which also finds what cannot be an entry of a Fisher before anything is written.
     *
     * @param lambda λ, not negative
     * @param options how the tasks became one penalty
     * @param more weights at which the value is wanted beside those of the tasks
     */
    public static PenaltyEffect of(
            EwcPenalty penalty, List<EwcTask> tasks, EwcOptions options, double lambda, List<WeightSource> more) {
        EwcPenalty.Extent extent = penalty.extent();
        double constant = lambda / 2 * Consolidation.spread(tasks, options, penalty);
        Map<String, Double> values = new LinkedHashMap<>();
        tasks.forEach(task -> put(values, penalty, lambda, constant, task.weights()));
        more.forEach(weights -> put(values, penalty, lambda, constant, weights));
        return new PenaltyEffect(extent, constant, values);
    }

    private static void put(
            Map<String, Double> values, EwcPenalty penalty, double lambda, double constant, WeightSource weights) {
        values.put(weights.path().toString(), constant + penalty.value(lambda, weights::tensor));
    }
}
