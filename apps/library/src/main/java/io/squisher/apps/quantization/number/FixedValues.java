package io.squisher.apps.quantization.number;

/** A scaled format whose values are the same whatever the scale: no zero point moves them. */
public sealed interface FixedValues extends ScaledFormat permits SmallFloat, NormalFloat {
    /** The largest absolute value. */
    double largest();

    /** The value that is nearest to a number, with a scale of 1. */
    double nearest(double number);

    @Override
    default double scale(double least, double most) {
        return Math.max(Math.abs(least), Math.abs(most)) / largest();
    }

    @Override
    default void round(double[] values, int count, int[] slots, Scales scales) {
        double[] steps = scales.scales();
        for (int i = 0; i < count; i++) {
            double step = steps[slots[i]];
            values[i] = nearest(values[i] / step) * step;
        }
    }
}
