package io.squisher.onnx.evaluator;

import java.util.Arrays;

/** NumPy's broadcasting: shapes are aligned at their last axis, a dimension of 1 is repeated. */
public final class Broadcast {
    private Broadcast() {}

    /**
     * The common shape.
     *
     * @throws IllegalArgumentException if two dimensions differ and neither is 1
     */
    public static int[] dims(int[] a, int[] b) {
        int[] result = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= result.length; i++) {
            int left = i <= a.length ? a[a.length - i] : 1;
            int right = i <= b.length ? b[b.length - i] : 1;
            if (left != right && left != 1 && right != 1) {
                throw new IllegalArgumentException(
                        "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast");
            }
            result[result.length - i] = left == 1 ? right : left;
        }
        return result;
    }

    /** For each element of the shape {@code to} the element of the shape {@code from} that it repeats. */
    static int[] sources(int[] from, int[] to) {
        int[] fromStrides = Dims.strides(from);
        int[] strides = new int[to.length];
        int missing = to.length - from.length;
        for (int axis = 0; axis < from.length; axis++) {
            if (from[axis] != 1 && from[axis] != to[missing + axis]) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(from) + " does not broadcast to " + Arrays.toString(to));
            }
            strides[missing + axis] = from[axis] == 1 ? 0 : fromStrides[axis];
        }
        return Dims.sources(Dims.allPositions(to), strides);
    }
}
