package io.squisher.examples.network;

/**
 * What a training has beside Adam.
 *
 * @param penalty whether an EWC penalty can be set, which the loss then contains
 * @param ownAccumulator whether an average of the data loss' own squared gradients is kept, without the penalty's
 * @param mask whether some parameters can be held at their values
 */
public record TrainingParts(boolean penalty, boolean ownAccumulator, boolean mask) {
    public static final TrainingParts PLAIN = new TrainingParts(false, false, false);
    public static final TrainingParts MASKED = new TrainingParts(false, false, true);
    public static final TrainingParts PENALISED = new TrainingParts(true, true, false);
}
