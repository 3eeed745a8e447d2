package io.squisher.onnx.evaluator;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Arithmetic on dimensions and row-major positions. */
public final class Dims {
    private Dims() {}

    /** Number of elements. */
    public static int size(int... dims) {
        return size(dims, 0, dims.length);
    }

    /** Product of the dimensions of the axes {@code from} to {@code to}, without the latter. */
    public static int size(int[] dims, int from, int to) {
        int product = 1;
        for (int axis = from; axis < to; axis++) {
            product = Math.multiplyExact(product, dims[axis]);
        }
        return product;
    }

    /** Distance in elements between neighbours along each axis. */
    public static int[] strides(int... dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    /** An axis counted from 0. */
    public static int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException("axis " + axis + " is outside a rank of " + rank);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** 0, 1, …, n - 1. */
    public static int[] range(int n) {
        return IntStream.range(0, n).toArray();
    }

    /** For each axis all its positions. */
    public static int[][] allPositions(int... dims) {
        return Arrays.stream(dims).mapToObj(Dims::range).toArray(int[][]::new);
    }

    /**
     * The elements at the cross product of positions per axis: Σ_axis positions[axis][i_axis] · strides[axis], row-major in
     * i; -1 where any position is negative.
     */
    public static int[] sources(int[][] positions, int[] strides) {
        int[] sources = {0};
        for (int axis = 0; axis < positions.length; axis++) {
            int[] along = positions[axis];
            int[] next = new int[Math.multiplyExact(sources.length, along.length)];
            for (int i = 0; i < sources.length; i++) {
                for (int j = 0; j < along.length; j++) {
                    boolean outside = sources[i] < 0 || along[j] < 0;
                    next[i * along.length + j] = outside ? -1 : sources[i] + along[j] * strides[axis];
                }
            }
            sources = next;
        }
        return sources;
    }

    /** The index per axis of flat position {@code flat}. */
    public static int[] unravel(int flat, int... dims) {
        int[] index = new int[dims.length];
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            index[axis] = flat % dims[axis];
            flat /= dims[axis];
        }
        return index;
    }

    /** Σ index · strides. */
    public static int ravel(int[] index, int[] strides) {
        int flat = 0;
        for (int axis = 0; axis < index.length; axis++) {
            flat += index[axis] * strides[axis];
        }
        return flat;
    }

    /** Two lists of dimensions, one after the other. */
    public static int[] concat(int[] first, int... second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    /** {@code dims} with another dimension at {@code axis}. */
    public static int[] with(int[] dims, int axis, int dim) {
        int[] changed = dims.clone();
        changed[axis] = dim;
        return changed;
    }
}
