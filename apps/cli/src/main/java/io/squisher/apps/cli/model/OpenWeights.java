package io.squisher.apps.cli.model;

import io.squisher.format.CheckpointFormats;
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
        return new OpenWeights(Optional.of(CheckpointFormats.openWeights(path)));
    }

    public static OpenWeights ofAny(Optional<Path> path) {
        return path.map(OpenWeights::of).orElseGet(() -> new OpenWeights(Optional.empty()));
    }

    @Override
    public void close() {
        source.ifPresent(WeightSource::close);
    }
}
