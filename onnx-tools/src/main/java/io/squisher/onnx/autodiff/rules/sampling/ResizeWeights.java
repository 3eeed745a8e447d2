package io.squisher.onnx.autodiff.rules.sampling;

import io.squisher.onnx.graph.Attributes;
import java.util.function.DoubleUnaryOperator;

/**
 * The weights with which Resize makes each element along one axis from those of its input: rows of a matrix {@code
 * [output, input]}, computed from the standard's formulas.
 *
 * @param scale what the standard's formulas call scale; output / input up to rounding
 * @param roiStart where tf_crop_and_resize starts, as a share of the axis
 */
record ResizeWeights(Attributes attributes, int input, int output, double scale, double roiStart, double roiEnd) {
    float[][] matrix() {
        float[][] matrix = new float[output][input];
        String mode = attributes.string("mode", "nearest");
        for (int i = 0; i < output; i++) {
            double at = position(i);
            if (isOutside(at)) {
                continue;
            }
            switch (mode) {
                case "nearest" -> matrix[i][inside(nearest(at))] = 1;
                case "linear" -> fill(matrix[i], at, 1, d -> Math.max(0, 1 - Math.abs(d)));
                default -> fill(matrix[i], at, 2, d -> cubic(d, attributes.number("cubic_coeff_a", -0.75f)));
            }
        }
        return matrix;
    }

    private String coordinates() {
        return attributes.string("coordinate_transformation_mode", "half_pixel");
    }

    /** tf_crop_and_resize puts a constant where the region leaves the input. */
    private boolean isOutside(double at) {
        return coordinates().equals("tf_crop_and_resize") && (at < 0 || at > input - 1);
    }

    /** Where in the input element {@code i} of the output is. */
    private double position(int i) {
        double centred = (i + 0.5) / scale - 0.5;
        double length = scale * input;
        return switch (coordinates()) {
            case "pytorch_half_pixel" -> output > 1 ? centred : 0;
            case "half_pixel_symmetric" -> input / 2.0 * (1 - output / length) + centred;
            case "align_corners" -> length == 1 ? 0 : i * (input - 1) / (length - 1);
            case "asymmetric" -> i / scale;
            case "tf_half_pixel_for_nn" -> (i + 0.5) / scale;
            case "tf_crop_and_resize" ->
                output > 1
                        ? (input - 1) * (roiStart + i * (roiEnd - roiStart) / (output - 1))
                        : (input - 1) * (roiStart + roiEnd) / 2;
            default -> centred;
        };
    }

    private double nearest(double at) {
        return switch (attributes.string("nearest_mode", "round_prefer_floor")) {
            case "round_prefer_ceil" -> Math.floor(at + 0.5);
            case "floor" -> Math.floor(at);
            case "ceil" -> Math.ceil(at);
            default -> Math.ceil(at - 0.5);
        };
    }

    /** Weighs the neighbours by distance; antialiasing widens the kernel when shrinking. */
    private void fill(float[] row, double at, int reach, DoubleUnaryOperator kernel) {
        boolean antialias = attributes.integer("antialias", 0) != 0;
        boolean exclude = attributes.integer("exclude_outside", 0) != 0;
        double narrowing = antialias ? Math.min(1, scale) : 1;
        double span = reach / narrowing;
        double[] weights = new double[input];
        double sum = 0;
        for (long k = (long) Math.floor(at - span); k <= Math.ceil(at + span); k++) {
            double weight = exclude && (k < 0 || k >= input) ? 0 : kernel.applyAsDouble((k - at) * narrowing);
            weights[inside(k)] += weight;
            sum += weight;
        }
        for (int k = 0; k < input; k++) {
            row[k] = (float) (antialias || exclude ? weights[k] / sum : weights[k]);
        }
    }

    /** Keys' cubic convolution kernel. */
    private static double cubic(double distance, double a) {
        double d = Math.abs(distance);
        if (d <= 1) {
            return (a + 2) * d * d * d - (a + 3) * d * d + 1;
        }
        return d < 2 ? a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a : 0;
    }

    private int inside(double k) {
        return (int) Math.max(0, Math.min(input - 1, k));
    }
}
