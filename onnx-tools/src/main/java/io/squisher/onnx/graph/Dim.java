package io.squisher.onnx.graph;

/**
 * One dimension of a tensor inside a graph: a fixed number, or a multiple of the number of examples N.
 *
 * <p>A multiple is kept as {@code outer · N · inner}: merging the axes {@code [T, N, H]} gives an axis in which the
 * example has {@code T} steps outside and {@code H} inside, and only with both can it be split again.
 *
 * @param outer the fixed size, or the factor of the axes merged before the example's
 * @param inner 1, or the factor of the axes merged behind the example's
 * @param perExample whether N is a factor
 */
public record Dim(long outer, long inner, boolean perExample) {
    /** The example axis itself: N. */
    public static final Dim EXAMPLES = new Dim(1, 1, true);

    /** A fixed size. */
    public static Dim of(long size) {
        return new Dim(size, 1, false);
    }

    /** The size over N, or the size where it is fixed. */
    public long factor() {
        return outer * inner;
    }

    public boolean isOne() {
        return !perExample && outer == 1;
    }

    @Override
    public String toString() {
        if (!perExample) {
            return Long.toString(outer);
        }
        return (outer == 1 ? "" : outer + "*") + "N" + (inner == 1 ? "" : "*" + inner);
    }
}
