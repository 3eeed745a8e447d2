package io.squisher.format.flax;

import io.squisher.files.ContentKind;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.ReadOnlyFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Set;

/** Weights in a file of {@code flax.serialization}. */
public final class FlaxFormat extends ReadOnlyFormat {
    private static final String ENDING = ".msgpack";

    @Override
    public String name() {
        return FlaxFile.FORMAT;
    }

    @Override
    public boolean recognises(Path path) {
        return path.getFileName().toString().endsWith(ENDING);
    }

    @Override
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.MSGPACK);
    }

    @Override
    public WeightSource open(Path path) {
        try (Opening opening = new Opening()) {
            FlaxWeights weights = FlaxWeights.of(opening.add(FlaxFile.open(path)));
            if (weights.names().isEmpty()) {
                throw FormatException.notA(path, FlaxFile.FORMAT, "it holds no arrays but those of an optimizer");
            }
            return opening.keep(weights);
        }
    }
}
