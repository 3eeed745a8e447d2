package io.squisher.checkpoint;

import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Optional;

/** An open training checkpoint: a file, or several that belong together. */
public interface Checkpoint extends AutoCloseable {
    /** The file or folder that was opened. */
    Path path();

    /** What it is, for reports: {@code PyTorch file}. */
    String format();

    /**
     * The accumulators of squared gradients.
     *
     * @throws io.squisher.SquisherException if there are none, with the reason
     */
    OptimizerState optimizer();

    /** The model's weights, where the checkpoint holds them too; closed with the checkpoint. */
    Optional<WeightSource> weights();

    @Override
    void close();
}
