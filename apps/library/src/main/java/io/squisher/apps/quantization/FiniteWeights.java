package io.squisher.apps.quantization;

import io.squisher.SquisherException;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;

/** Refuses weights that cannot be rounded. */
final class FiniteWeights {
    private FiniteWeights() {}

    static void check(WeightSource model, String name) {
        Tensor weights = model.tensor(name);
        ChunkReader.upTo(weights.size()).forEach(weights, (index, value) -> {
            if (!(Math.abs(value) <= Double.MAX_VALUE)) {
                throw new SquisherException("'" + model.path() + "': parameter '" + name + "' has " + value
                        + " at element " + index + "; such a model cannot be quantized");
            }
        });
    }
}
