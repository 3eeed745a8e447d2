package io.squisher.format.keras;

import io.squisher.files.ContentKind;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.ReadOnlyFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Set;

/** Weights in a Keras model. */
public final class KerasFormat extends ReadOnlyFormat {
    @Override
    public String name() {
        return KerasFile.FORMAT;
    }

    @Override
    public boolean recognises(Path path) {
        return KerasFile.recognises(path);
    }

    @Override
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.HDF5, ContentKind.KERAS_ARCHIVE);
    }

    @Override
    public WeightSource open(Path path) {
        try (Opening opening = new Opening()) {
            return opening.keep(KerasWeights.of(opening.add(KerasFile.open(path))));
        }
    }
}
