package io.squisher.onnx.image;

import java.util.function.IntToDoubleFunction;

/**
 * Scales a line of values by a triangle as wide as two pixels of the input, or of the output where that has fewer: linear
 * interpolation when a picture grows, and an average that leaves no pixel out when it shrinks. Pillow's {@code BILINEAR} has the
 * same weights.
 */
final class Resizing {
    private final int[] first;
    private final double[][] weights;

    /**
     * Weights for the pixels from {@code start} on.
     *
     * @param size of the input
     * @param start of what is taken of it, which may be within a pixel
     * @param length of what is taken
     * @param target the number of pixels that it becomes
     */
    Resizing(int size, double start, double length, int target) {
        first = new int[target];
        weights = new double[target][];
        double scale = length / target;
        double reach = Math.max(scale, 1);
        for (int i = 0; i < target; i++) {
            double center = start + (i + 0.5) * scale;
            int from = Math.max(0, (int) (center - reach + 0.5));
            int to = Math.min(size, (int) (center + reach + 0.5));
            first[i] = from;
            weights[i] = normal(from, to, center, reach);
        }
    }

    private static double[] normal(int from, int to, double center, double reach) {
        double[] found = new double[to - from];
        double sum = 0;
        for (int k = 0; k < found.length; k++) {
            found[k] = Math.max(0, 1 - Math.abs((from + k + 0.5 - center) / reach));
            sum += found[k];
        }
        for (int k = 0; k < found.length; k++) {
            found[k] /= sum;
        }
        return found;
    }

    /** Pixel {@code i} of the output. */
    double value(int i, IntToDoubleFunction pixels) {
        double sum = 0;
        for (int k = 0; k < weights[i].length; k++) {
            sum += weights[i][k] * pixels.applyAsDouble(first[i] + k);
        }
        return sum;
    }
}
