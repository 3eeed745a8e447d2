package io.squisher.examples.network;

import java.util.Optional;

/**
 * What a training has beside Adam.
 *
 * @param penalty whether an EWC penalty can be set, which the loss then contains
 * @param ownAccumulator whether an average of the data loss' own squared gradients is kept, without the penalty's
 * @param ownBeta2 that average's decay; absent: Adam's
 * @param mask whether some parameters can be held at their values
 */
public record TrainingParts(boolean penalty, boolean ownAccumulator, Optional<Float> ownBeta2, boolean mask) {
    public static final TrainingParts PLAIN = new TrainingParts(false, false, false);
    public static final TrainingParts MASKED = new TrainingParts(false, false, true);
    public static final TrainingParts PENALISED = new TrainingParts(true, true, false);

    /** Parts whose own average has Adam's decay. */
    public TrainingParts(boolean penalty, boolean ownAccumulator, boolean mask) {
        this(penalty, ownAccumulator, Optional.empty(), mask);
    }

    /** Beside Adam an average of another decay. */
    public static TrainingParts averaging(float beta2) {
        return new TrainingParts(false, true, Optional.of(beta2), false);
    }
}
