package io.squisher.apps.merge;

/** Keeps weighted means between their smallest and largest operand, so that rounding never makes equal models differ. */
final class ConvexHull {
    private ConvexHull() {}

    /** Clamps {@code values[0..count)} between the extremes of the first {@code operands} arrays of {@code inputs}. */
    static void clamp(double[] values, double[][] inputs, int operands, int count) {
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
