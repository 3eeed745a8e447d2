package io.squisher.apps.cli.model;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.format.tensorflow.TensorFlowCheckpoint;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The weights of a file, under the names that {@code convert} gives them: checkpoints of TensorFlow's objects have two sets of
 * names.
 *
 * @param source empty if no file was given
 */
public record OpenWeights(Optional<WeightSource> source) implements AutoCloseable {
    public static OpenWeights of(Path path) {
        return new OpenWeights(
                Optional.of(TensorFlowCheckpoint.recognises(path) ? ofCheckpoint(path) : WeightFormats.open(path)));
    }

    public static OpenWeights ofAny(Optional<Path> path) {
        return path.map(OpenWeights::of).orElseGet(() -> new OpenWeights(Optional.empty()));
    }

    /** They stay open until they are closed themselves, which closes the checkpoint's files. */
    private static WeightSource ofCheckpoint(Path path) {
        Checkpoint checkpoint = CheckpointFormats.open(path);
        return checkpoint.weights().orElseThrow(() -> {
            checkpoint.close();
            return new SquisherException("'" + path + "' holds no weights");
        });
    }

    @Override
    public void close() {
        source.ifPresent(WeightSource::close);
    }
}
