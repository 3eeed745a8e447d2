package io.squisher.apps.compress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A rank for each layer, and what it costs.
 *
 * @param chosen by the name of the layer's matrix, in ascending order
 * @param unit weights that sizes were rounded up to while the budget was divided; 1 where the division is exact
 */
public record RankAssignment(CompressionMethod method, Map<String, RankLoss> chosen, long unit) {
    public RankAssignment {
        chosen = new LinkedHashMap<>(chosen);
    }

    /** Weights of all layers. */
    public long weights() {
        return chosen.values().stream().mapToLong(RankLoss::weights).sum();
    }

    /** ½ Σ F (W − A B)² over all layers; none without a Fisher. */
    public OptionalDouble loss() {
        return chosen.values().stream().allMatch(rank -> rank.loss().isPresent())
                ? OptionalDouble.of(chosen.values().stream()
                        .mapToDouble(rank -> rank.loss().getAsDouble())
                        .sum())
                : OptionalDouble.empty();
    }

    /** Σ (W − A B)² over all layers. */
    public double error() {
        return chosen.values().stream().mapToDouble(RankLoss::error).sum();
    }

    /** Layers that become two products. */
    public long factorized() {
        return chosen.values().stream().filter(rank -> !rank.isWhole()).count();
    }
}
