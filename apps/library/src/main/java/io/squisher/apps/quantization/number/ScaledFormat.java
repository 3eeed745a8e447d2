package io.squisher.apps.quantization.number;

/**
 * A format whose values are multiplied by a scale that several weights share. The scale maps the largest weight of those to
 * the largest value of the format, so that nothing is cut off but what rounding of the scale itself takes.
 */
public sealed interface ScaledFormat extends NumberFormat permits IntegerFormat, FixedValues {
    /** Bits of the code of one weight. */
    int bits();

    /** Bits of the zero point that stands beside each scale; 0 where there is none. */
    default int zeroPointBits() {
        return 0;
    }

    /**
     * The scale for weights between two bounds, before it is rounded to the type that it is stored in.
     *
     * @param least the smallest of the weights
     * @param most the largest of them
     * @return 0 if all weights are 0
     */
    double scale(double least, double most);

    /**
     * The code that means 0.
     *
     * @param least the smallest of the weights
     * @param scale the scale as it is stored, above 0
     */
    default int zeroPoint(double least, double scale) {
        return 0;
    }

    /**
     * Rounds weights in place.
     *
     * @param values the weights in [0, count)
     * @param slots for each weight, which scale is its own
     */
    void round(double[] values, int count, int[] slots, Scales scales);
}
