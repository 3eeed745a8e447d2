package io.squisher.onnx.autodiff.families;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Random choices of one seed. */
final class Draw {
    private final Random random;

    Draw(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        random.nextLong();
    }

    /** An integer from {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    double real(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Heads or tails. */
    boolean coin() {
        return random.nextBoolean();
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** {@code count} integers from {@code low} to {@code high}. */
    int[] ints(int count, int low, int high) {
        return IntStream.range(0, count).map(i -> between(low, high)).toArray();
    }

    /** A small shape. */
    int[] dims(int rank) {
        return ints(rank, 1, 4);
    }

    /** An axis, counted from either end. */
    int axis(int rank) {
        return between(-rank, rank - 1);
    }

    /** The numbers below {@code count} in any order. */
    int[] permutation(int count) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Some different axes, in any order, each counted from either end. */
    int[] axes(int rank, int atLeast) {
        return Arrays.stream(permutation(rank))
                .limit(between(Math.min(atLeast, rank), rank))
                .map(axis -> coin() ? axis : axis - rank)
                .toArray();
    }

    /** A shape that broadcasts to {@code dims}: some dimensions are 1, some in front are missing. */
    int[] broadcastTo(int[] dims) {
        int missing = coin() ? 0 : between(0, dims.length);
        int[] narrow = Arrays.copyOfRange(dims, missing, dims.length);
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = between(0, 3) == 0 ? 1 : narrow[i];
        }
        return narrow;
    }

    /** Standard normal float32 numbers. */
    Value normal(int... dims) {
        return OneNodeModel.normalValue(random, dims);
    }

    /** Float32 numbers between {@code low} and {@code high}. */
    Value uniform(double low, double high, int... dims) {
        double[] values = new double[Dims.size(dims)];
        Arrays.setAll(values, i -> (float) real(low, high));
        return Value.floats(dims, values);
    }

    /** Integers from {@code low} to {@code high}, both included. */
    Value integers(int low, int high, int... dims) {
        long[] values = new long[Dims.size(dims)];
        Arrays.setAll(values, i -> between(low, high));
        return Value.ints(dims, values);
    }
}
