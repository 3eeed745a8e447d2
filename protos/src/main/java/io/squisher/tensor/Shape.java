package io.squisher.tensor;

import java.util.Arrays;

/** An immutable tensor shape; rank 0 is a scalar, a dimension may be 0. */
public final class Shape {
    /** So that the number of bytes, at most 16 an element, fits a long with room for an offset. */
    private static final long MAX_SIZE = 1L << 58;

    private final long[] dims;
    private final long size;

    private Shape(long[] dims) {
        this.dims = dims;
        long product = 1;
        boolean empty = false;
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(dims));
            }
            empty |= dim == 0;
            // A zero anywhere must not hide an overflow that stands before or after it.
            long factor = Math.max(dim, 1);
            if (product > MAX_SIZE / factor) {
                throw new IllegalArgumentException("the shape " + Arrays.toString(dims) + " overflows");
            }
            product *= factor;
        }
        this.size = empty ? 0 : product;
    }

    /**
     * A shape of the given dimensions.
     *
     * @throws IllegalArgumentException if a dimension is negative or there are more than 2^58 elements
     */
    public static Shape of(long... dims) {
        return new Shape(dims.clone());
    }

    public int rank() {
        return dims.length;
    }

    /** The dimension of axis {@code axis}, counted from 0. */
    public long dim(int axis) {
        return dims[axis];
    }

    public long[] dims() {
        return dims.clone();
    }

    /** Number of elements: the product of the dimensions. */
    public long size() {
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** As {@code [2, 3]}. */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
