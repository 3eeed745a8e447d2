package io.squisher.onnx.evaluator.sampling;

import io.squisher.onnx.evaluator.OperatorCall;
import java.util.function.DoubleUnaryOperator;

/**
 * One axis of a Resize.
 *
 * @param scale output length / input length, before rounding to whole elements
 * @param roiStart where the region of interest starts, in units of the axis (tf_crop_and_resize)
 */
record ResizeAxis(int input, int output, double scale, double roiStart, double roiEnd) {
    /** The axis as it is. */
    boolean unchanged() {
        return input == output && scale == 1;
    }

    /** Position in the input of element {@code x} of the output. */
    double source(int x, String mode) {
        double length = scale * input;
        return switch (mode) {
            case "half_pixel" -> (x + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> output > 1 ? (x + 0.5) / scale - 0.5 : 0;
            case "half_pixel_symmetric" -> {
                double offset = input / 2.0 * (1 - output / length);
                yield offset + (x + 0.5) / scale - 0.5;
            }
            case "align_corners" -> length == 1 ? 0 : x * (input - 1) / (length - 1);
            case "asymmetric" -> x / scale;
            case "tf_half_pixel_for_nn" -> (x + 0.5) / scale;
            case "tf_crop_and_resize" ->
                output > 1
                        ? roiStart * (input - 1) + x * (roiEnd - roiStart) * (input - 1) / (output - 1)
                        : 0.5 * (roiStart + roiEnd) * (input - 1);
            default -> throw new IllegalArgumentException("coordinate_transformation_mode " + mode);
        };
    }

    /** The weights [output][input] of one axis. */
    double[][] weights(OperatorCall call, String mode, String coordinates) {
        double[][] weights = new double[output][input];
        for (int x = 0; x < output; x++) {
            double at = source(x, coordinates);
            switch (mode) {
                case "nearest" -> weights[x][clamped(nearest(at, call))] = 1;
                case "linear" -> spread(weights[x], at, 1, Interpolation::linear, call);
                case "cubic" -> spread(weights[x], at, 2, Interpolation.cubic(call.real("cubic_coeff_a", -0.75)), call);
                default -> throw new IllegalArgumentException("mode " + mode);
            }
        }
        return weights;
    }

    /** Before opset 11: the element below when enlarging, above when shrinking. */
    private int nearest(double at, OperatorCall call) {
        String mode =
                call.opset() < 11 ? scale < 1 ? "ceil" : "floor" : call.text("nearest_mode", "round_prefer_floor");
        return (int)
                switch (mode) {
                    case "round_prefer_floor" -> Math.ceil(at - 0.5);
                    case "round_prefer_ceil" -> Math.floor(at + 0.5);
                    case "floor" -> Math.floor(at);
                    case "ceil" -> Math.ceil(at);
                    default -> throw new IllegalArgumentException("nearest_mode " + mode);
                };
    }

    /**
     * Gives each element around {@code at} the kernel's weight of its distance. Elements outside count as the nearest one
     * inside, or not at all with {@code exclude_outside}. Antialiasing widens the kernel when shrinking.
     */
    private void spread(double[] row, double at, int reach, DoubleUnaryOperator kernel, OperatorCall call) {
        boolean antialias = call.flag("antialias", false);
        boolean exclude = call.flag("exclude_outside", false);
        double narrowing = antialias ? Math.min(1, scale) : 1;
        int radius = (int) Math.ceil(reach / narrowing);
        double sum = 0;
        for (int i = (int) Math.floor(at) - radius; i <= Math.floor(at) + radius + 1; i++) {
            boolean outside = i < 0 || i >= input;
            double weight = exclude && outside ? 0 : kernel.applyAsDouble(narrowing * (i - at));
            row[clamped(i)] += weight;
            sum += weight;
        }
        for (int i = 0; i < input && (antialias || exclude); i++) {
            row[i] /= sum;
        }
    }

    private int clamped(int i) {
        return Math.max(0, Math.min(input - 1, i));
    }
}
