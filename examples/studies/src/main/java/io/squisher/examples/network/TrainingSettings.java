package io.squisher.examples.network;

import io.squisher.SquisherException;

/**
 * How a network is trained with Adam.
 *
 * @param steps optimizer steps
 * @param batchSize images in a step
 * @param learningRate above 0; with {@code falling} that of the first step
 * @param beta2 decay of Adam's squared-gradient accumulator
 * @param seed fixes the batches
 * @param falling whether the learning rate falls to 0, by as much in each step
 */
public record TrainingSettings(int steps, int batchSize, float learningRate, float beta2, long seed, boolean falling) {
    /** Adam's own β₂. */
    public static final float DEFAULT_BETA2 = 0.999f;

    public TrainingSettings {
        if (steps < 0 || batchSize < 1 || !(learningRate > 0) || Float.isInfinite(learningRate)) {
            throw new SquisherException(
                    "a training has no negative number of steps, at least one image in a batch, and a learning rate above 0, not "
                            + steps + ", " + batchSize + " and " + learningRate);
        }
        if (!(beta2 >= 0 && beta2 < 1)) {
            throw new SquisherException("a decay is at least 0 and below 1, not " + beta2);
        }
    }

    public TrainingSettings(int steps, int batchSize, float learningRate, float beta2, long seed) {
        this(steps, batchSize, learningRate, beta2, seed, false);
    }

    public TrainingSettings(int steps, int batchSize, float learningRate, long seed) {
        this(steps, batchSize, learningRate, DEFAULT_BETA2, seed);
    }

    /** The same with a learning rate that falls to 0. */
    public TrainingSettings fallingToZero() {
        return new TrainingSettings(steps, batchSize, learningRate, beta2, seed, true);
    }

    /** The learning rate of a step, which counts from 0; of those after the last the smallest. */
    float rate(int step) {
        return falling ? learningRate * (steps - Math.min(step, steps - 1)) / steps : learningRate;
    }
}
