package io.squisher.apps.quantization.number;

import io.squisher.tensor.ElementType;

/**
 * What a format keeps beside the codes of a tensor: one scale and one zero point for each slot.
 *
 * @param type in which the scales are stored: the weights' own if it has 16 bits, else float32
 * @param scales above 0, rounded to {@code type}
 * @param zeroPoints the codes that mean 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record Scales(ElementType type, double[] scales, int[] zeroPoints) {
    /** The type in which scales of a tensor of type {@code weights} are stored. */
    public static ElementType typeFor(ElementType weights) {
        return weights == ElementType.F16 || weights == ElementType.BF16 ? weights : ElementType.F32;
    }

    /** The scales of {@code format} for the weights of these ranges. */
    static Scales of(ScaledFormat format, SlotRanges ranges, ElementType weights) {
        ElementType type = typeFor(weights);
        int count = ranges.count();
        double[] scales = new double[count];
        int[] zeroPoints = new int[count];
        for (int i = 0; i < count; i++) {
            scales[i] = stored(format.scale(ranges.least(i), ranges.most(i)), type);
            zeroPoints[i] = format.zeroPoint(ranges.least(i), scales[i]);
        }
        return new Scales(type, scales, zeroPoints);
    }

    /** A scale is a divisor: where all weights are 0 any will do, and one that would vanish is the smallest that there is. */
    private static double stored(double scale, ElementType type) {
        if (scale == 0) {
            return 1;
        }
        double rounded = type.round(scale);
        return rounded > 0 ? rounded : smallest(type);
    }

    private static double smallest(ElementType type) {
        return switch (type) {
            case F16 -> 0x1p-24;
            case BF16 -> 0x1p-133;
            default -> Float.MIN_VALUE;
        };
    }
}
