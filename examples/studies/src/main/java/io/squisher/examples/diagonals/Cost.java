package io.squisher.examples.diagonals;

/**
 * What a model's two diagonals took.
 *
 * @param fisherSeconds building the gradient graph, going through the training images, writing the file
 * @param checkpointSeconds TensorFlow's checkpoint alone
 * @param checkpointWithSquisherSeconds the same checkpoint with the accumulators' file
 */
public record Cost(
        double fisherSeconds,
        long fisherBytes,
        double checkpointSeconds,
        double checkpointWithSquisherSeconds,
        long squisherBytes) {}
