package io.squisher.units;

import io.squisher.tensor.Shape;

/**
 * The slices of a parameter, one for each unit of a group, side by side along an axis: with n units and an axis of length
 * L, unit u has the indices u·L/n to (u+1)·L/n − 1.
 *
 * @param parameter its name
 * @param axis from 0 on
 */
public record UnitSlice(String parameter, int axis) {
    /** How many indices of the axis belong to one of {@code units} units. */
    public int span(Shape shape, int units) {
        long length = shape.dim(axis);
        if (length % units != 0) {
            throw new IllegalArgumentException(
                    "axis " + axis + " of '" + parameter + "' " + shape + " does not divide among " + units);
        }
        return Math.toIntExact(length / units);
    }

    /** How many elements of the parameter are between one index of the axis and the next. */
    public long stride(Shape shape) {
        long stride = 1;
        for (int later = axis + 1; later < shape.rank(); later++) {
            stride *= shape.dim(later);
        }
        return stride;
    }
}
