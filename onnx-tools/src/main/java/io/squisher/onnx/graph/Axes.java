package io.squisher.onnx.graph;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Axes as the standard counts them, and dimensions whose axes are turned, put in or taken out; −1 may stand for any size. */
public final class Axes {
    private Axes() {}

    /** An axis counted from the first; a negative one is counted from the end of {@code rank} axes. */
    public static int fromFirst(long axis, int rank) {
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** Axis i of a Transpose's output is axis {@code permutation[i]} of its input; reversed where none is given. */
    public static int[] permutation(Attributes attributes, int rank) {
        return attributes
                .integers("perm")
                .map(given -> Arrays.stream(given).mapToInt(axis -> (int) axis).toArray())
                .orElseGet(() ->
                        IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
    }

    /** The permutation that undoes another one. */
    public static int[] inverse(int... permutation) {
        int[] inverse = new int[permutation.length];
        for (int i = 0; i < permutation.length; i++) {
            inverse[permutation[i]] = i;
        }
        return inverse;
    }

    /** Dimensions in the order of a permutation. */
    public static long[] permuted(long[] dims, int... permutation) {
        return Arrays.stream(permutation).mapToLong(axis -> dims[axis]).toArray();
    }

    /** Dimensions without those at {@code axes}, which may be negative. */
    public static long[] squeezed(long[] dims, long... axes) {
        int[] gone = fromFirst(axes, dims.length);
        return IntStream.range(0, dims.length)
                .filter(axis -> Arrays.stream(gone).noneMatch(other -> other == axis))
                .mapToLong(axis -> dims[axis])
                .toArray();
    }

    /** Dimensions with ones put in, so that they are at {@code axes} of the result, which may be negative. */
    public static long[] unsqueezed(long[] dims, long... axes) {
        int rank = dims.length + axes.length;
        int[] added = fromFirst(axes, rank);
        long[] result = new long[rank];
        int from = 0;
        for (int axis = 0; axis < rank; axis++) {
            int here = axis;
            boolean isNew = from >= dims.length || Arrays.stream(added).anyMatch(other -> other == here);
            result[axis] = isNew ? 1 : dims[from++];
        }
        return result;
    }

    private static int[] fromFirst(long[] axes, int rank) {
        return Arrays.stream(axes).mapToInt(axis -> fromFirst(axis, rank)).toArray();
    }
}
