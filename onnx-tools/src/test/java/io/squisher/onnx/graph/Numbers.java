package io.squisher.onnx.graph;

import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.Random;

/** Random values of a seed. */
public final class Numbers {
    private final Random random;

    public Numbers(long seed) {
        random = new Random(seed);
    }

    /** Standard normal float32 numbers. */
    public Value normal(int... dims) {
        double[] values = new double[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> (float) random.nextGaussian());
        return Value.floats(dims, values);
    }

    /** Normal numbers times {@code scale}. */
    public Value normal(double scale, int... dims) {
        double[] values = normal(dims).doubles().clone();
        Arrays.setAll(values, i -> (float) (scale * values[i]));
        return Value.floats(dims, values);
    }

    /** Float32 numbers between 0.5 and 2. */
    public Value positive(int... dims) {
        double[] values = new double[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> (float) (0.5 + 1.5 * random.nextDouble()));
        return Value.floats(dims, values);
    }

    /** Integers from 0 to {@code bound}, excluding {@code bound}. */
    public Value below(int bound, int... dims) {
        long[] values = new long[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextInt(bound));
        return Value.ints(dims, values);
    }
}
