package io.squisher.examples.network;

/**
 * How a network is trained with Adam.
 *
 * @param steps optimizer steps
 * @param batchSize images in a step
 * @param beta2 decay of Adam's squared-gradient accumulator
 * @param seed fixes the batches
 */
public record TrainingSettings(int steps, int batchSize, float learningRate, float beta2, long seed) {
    /** Adam's own β₂. */
    public static final float DEFAULT_BETA2 = 0.999f;

    public TrainingSettings(int steps, int batchSize, float learningRate, long seed) {
        this(steps, batchSize, learningRate, DEFAULT_BETA2, seed);
    }
}
