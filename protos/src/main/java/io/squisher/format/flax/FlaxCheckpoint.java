package io.squisher.format.flax;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.files.ContentKind;
import io.squisher.files.Opening;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Optional;

/** A training state of Flax, or the state of optax alone. */
public final class FlaxCheckpoint implements Checkpoint {
    private final FlaxFile file;
    private final FlaxWeights weights;

    private FlaxCheckpoint(FlaxFile file) {
        this.file = file;
        this.weights = FlaxWeights.of(file);
    }

    /** Whether the file is called as one, or starts with a map of names. */
    public static boolean recognises(Path path) {
        return ContentKind.of(path)
                .map(kind -> kind == ContentKind.MSGPACK)
                .orElseGet(() -> java.nio.file.Files.isRegularFile(path) && new FlaxFormat().recognises(path));
    }

    /** Opens a file. */
    public static FlaxCheckpoint open(Path path) {
        try (Opening opening = new Opening()) {
            return opening.keep(new FlaxCheckpoint(opening.add(FlaxFile.open(path))));
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String format() {
        return FlaxFile.FORMAT;
    }

    @Override
    public OptimizerState optimizer() {
        return OptaxState.of(path().toString(), file.root());
    }

    @Override
    public Optional<WeightSource> weights() {
        return weights.names().isEmpty() ? Optional.empty() : Optional.of(weights);
    }

    @Override
    public void close() {
        file.close();
    }
}
