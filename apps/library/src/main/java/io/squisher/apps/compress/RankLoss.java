package io.squisher.apps.compress;

import java.util.OptionalDouble;

/**
 * What a rank costs a layer.
 *
 * @param rank of the product, or {@link #WHOLE}
 * @param weights that the layer has then: rank × (inputs + outputs), or inputs × outputs where it is whole
 * @param loss ½ Σ F (W − A B)²; none without a Fisher
 * @param error Σ (W − A B)²
 */
public record RankLoss(int rank, long weights, OptionalDouble loss, double error) {
    /** In the place of a rank: the layer stays one matrix. */
    public static final int WHOLE = 0;

    /** Whether the layer stays one matrix. */
    public boolean isWhole() {
        return rank == WHOLE;
    }
}
