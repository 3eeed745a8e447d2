package io.squisher.onnx.evaluator.sampling;

import java.util.function.DoubleUnaryOperator;

/** Weights of the neighbours of a point as functions of the distance to them. */
final class Interpolation {
    private Interpolation() {}

    /** 1 - |d| within 1. */
    static double linear(double distance) {
        return Math.max(0, 1 - Math.abs(distance));
    }

    /** Keys' cubic convolution with parameter a, within 2. */
    static DoubleUnaryOperator cubic(double a) {
        return distance -> {
            double d = Math.abs(distance);
            if (d <= 1) {
                return ((a + 2) * d - (a + 3)) * d * d + 1;
            }
            return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
        };
    }
}
