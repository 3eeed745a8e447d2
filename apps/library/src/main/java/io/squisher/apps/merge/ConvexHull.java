package io.squisher.apps.merge;

import io.squisher.tensor.ElementType;

/**
 * Keeps weighted means between their smallest and largest operand, so that rounding never makes equal models differ.
 *
 * @param type what the means are stored in; rounding to a type narrower than float64 already has that effect
 * @param operands how many are averaged
 */
record ConvexHull(ElementType type, int operands) {
    /** Clamps {@code values[0..count)} between the extremes of the operands, the first arrays of {@code inputs}. */
    void clamp(double[] values, double[][] inputs, int count) {
        if (type != ElementType.F64) {
            return;
        }
        for (int i = 0; i < count; i++) {
            double low = inputs[0][i];
            double high = low;
            for (int operand = 1; operand < operands; operand++) {
                low = Math.min(low, inputs[operand][i]);
                high = Math.max(high, inputs[operand][i]);
            }
            values[i] = Math.max(low, Math.min(high, values[i]));
        }
    }
}
