package io.squisher.apps.topk;

import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.List;

/**
 * Uniform numbers in (0, 1], one for each coordinate, that depend on the seed, the parameter's name and the index alone:
 * the same on every machine, in any order, and never stored.
 */
public final class RandomScores {
    private RandomScores() {}

    /** The scores of the parameter {@code name} of shape {@code shape}. */
    public static Tensor of(long seed, String name, Shape shape) {
        long stream = mix(seed ^ mix(name.hashCode() * 0x9E3779B97F4A7C15L));
        TensorSpec spec = new TensorSpec(ElementType.F64, shape);
        return new ComputedTensor(spec, List.of(), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = ((mix(stream + (start + i) * 0x9E3779B97F4A7C15L) >>> 11) + 1) * 0x1p-53;
            }
        });
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long bits) {
        long z = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
