package io.squisher.examples.benchmarks;

import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** Large tensors of seeded numbers, computed as they are written. */
final class RandomTensor {
    private RandomTensor() {}

    /** float32 weights between −1 and 1. */
    static Tensor weights(long size, long seed) {
        return of(Shape.of(size), seed, random -> 2 * random - 1);
    }

    /** float32 squares over many orders of magnitude, as Fishers have them. */
    static Tensor squares(long size, long seed) {
        return squares(Shape.of(size), seed);
    }

    /** The same in a shape. */
    static Tensor squares(Shape shape, long seed) {
        return of(shape, seed, random -> {
            double fourth = random * random * random * random;
            return fourth * fourth;
        });
    }

    /** float32 numbers of 1,000 different values. */
    static Tensor ties(long size, long seed) {
        return of(Shape.of(size), seed, random -> Math.floor(random * 1000) + 1);
    }

    private static Tensor of(Shape shape, long seed, DoubleUnaryOperator function) {
        TensorSpec spec = new TensorSpec(ElementType.F32, shape);
        return new ComputedTensor(spec, List.of(), (start, count, inputs, output) -> {
            SplittableRandom random = new SplittableRandom(seed * 31 + start);
            for (int i = 0; i < count; i++) {
                output[i] = function.applyAsDouble(random.nextDouble());
            }
        });
    }
}
