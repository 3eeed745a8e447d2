package io.squisher.apps.compress;

import io.squisher.Counted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Ranks within a budget, beside what the other methods would have chosen.
 *
 * @param layers what ranks cost each layer, in ascending order of the names
 * @param assignments by method, in the order of {@link CompressionMethod}; a method that finds nothing within the budget, or lacks a
 *     Fisher, is missing
 * @param method the one that was asked for
 * @param metadata what the output's metadata should say
 * @param warnings complete lines for the user
 */
public record CompressionPlan(
        List<LayerLosses> layers,
        Map<CompressionMethod, RankAssignment> assignments,
        CompressionMethod method,
        Map<String, String> metadata,
        List<String> warnings) {
    public CompressionPlan {
        layers = List.copyOf(layers);
        assignments = new LinkedHashMap<>(assignments);
        metadata = Map.copyOf(metadata);
        warnings = List.copyOf(warnings);
    }

    /** What the method chose that was asked for. */
    public RankAssignment chosen() {
        return assignments.get(method);
    }

    /** What another method chose, if anything is within the budget. */
    public Optional<RankAssignment> of(CompressionMethod other) {
        return Optional.ofNullable(assignments.get(other));
    }

    /** Weights of all layers as they were. */
    public long weights() {
        return layers.stream().mapToLong(LayerLosses::weights).sum();
    }

    /** In a sentence without a full stop. */
    public String summary() {
        String summary = String.format(
                Locale.ROOT,
                "%d of %s in two products, %d of %s stay (%.4f)",
                chosen().factorized(),
                Counted.of(layers.size(), "linear layer"),
                chosen().weights(),
                Counted.of(weights(), "weight"),
                (double) chosen().weights() / weights());
        return chosen().loss().isPresent()
                ? summary
                        + String.format(
                                Locale.ROOT,
                                ", expected rise of the loss %.4g",
                                chosen().loss().getAsDouble())
                : summary;
    }

    @Override
    public String toString() {
        return "compress: " + summary();
    }
}
