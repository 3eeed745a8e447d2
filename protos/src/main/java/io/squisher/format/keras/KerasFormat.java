package io.squisher.format.keras;

import io.squisher.format.safetensors.ReadOnlyFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;

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
    public WeightSource open(Path path) {
        KerasFile file = KerasFile.open(path);
        try {
            return KerasWeights.of(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
