package io.squisher.onnx.evaluator.sampling;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;
import java.util.Arrays;

/**
 * Resize and its predecessor Upsample: interpolation along each axis after the other. The text computes align_corners
 * with the length before rounding (scale · input), as the ONNX project's own cases do.
 */
final class Resize {
    private Resize() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int rank = x.rank();
        int[] axes = call.axes(Integer.MAX_VALUE, rank).orElse(Dims.range(rank));
        String coordinates =
                call.opset() < 11 ? "asymmetric" : call.text("coordinate_transformation_mode", "half_pixel");
        ResizeAxis[] resized = call.opset() < 11
                ? byScales(x, axes, call.input(1).doubles(), new double[0])
                : plan(call, x, axes, coordinates.equals("tf_crop_and_resize"));
        return apply(call, x, axes, resized, coordinates);
    }

    /** Upsample: scales as attribute before opset 9. */
    static Value upsample(OperatorCall call) {
        Value x = call.input(0);
        double[] scales =
                call.opset() < 9 ? call.reals("scales") : call.input(1).doubles();
        int[] axes = Dims.range(x.rank());
        return apply(call, x, axes, byScales(x, axes, scales, new double[0]), "asymmetric");
    }

    private static ResizeAxis[] plan(OperatorCall call, Value x, int[] axes, boolean crop) {
        double[] roi = crop ? call.input(1).doubles() : new double[0];
        if (call.has(2) && call.input(2).size() > 0) {
            return byScales(x, axes, call.input(2).doubles(), roi);
        }
        return bySizes(x, axes, call.input(3).doubles(), roi, call.text("keep_aspect_ratio_policy", "stretch"));
    }

    private static ResizeAxis[] byScales(Value x, int[] axes, double[] scales, double[] roi) {
        ResizeAxis[] result = new ResizeAxis[axes.length];
        for (int i = 0; i < axes.length; i++) {
            int input = x.dim(axes[i]);
            double start = roi.length == 0 ? 0 : roi[i];
            double end = roi.length == 0 ? 1 : roi[i + axes.length];
            int output = (int) Math.floor(input * (end - start) * scales[i]);
            result[i] = new ResizeAxis(input, output, scales[i], start, end);
        }
        return result;
    }

    private static ResizeAxis[] bySizes(Value x, int[] axes, double[] sizes, double[] roi, String policy) {
        double common = Double.NaN;
        for (int i = 0; i < axes.length; i++) {
            double scale = sizes[i] / x.dim(axes[i]);
            boolean better = policy.equals("not_larger") ? scale < common : scale > common;
            common = Double.isNaN(common) || better ? scale : common;
        }
        ResizeAxis[] result = new ResizeAxis[axes.length];
        for (int i = 0; i < axes.length; i++) {
            int input = x.dim(axes[i]);
            double start = roi.length == 0 ? 0 : roi[i];
            double end = roi.length == 0 ? 1 : roi[i + axes.length];
            result[i] = policy.equals("stretch")
                    ? new ResizeAxis(input, (int) sizes[i], sizes[i] / input, start, end)
                    : new ResizeAxis(input, (int) Math.floor(common * input + 0.5), common, start, end);
        }
        return result;
    }

    private static Value apply(OperatorCall call, Value x, int[] axes, ResizeAxis[] resized, String coordinates) {
        Value result = x;
        for (int i = 0; i < axes.length; i++) {
            if (!resized[i].unchanged() || coordinates.equals("tf_crop_and_resize")) {
                double[][] weights = resized[i].weights(call, mode(call), coordinates);
                result = along(result, axes[i], weights);
            }
        }
        return coordinates.equals("tf_crop_and_resize") ? extrapolated(call, result, axes, resized) : result;
    }

    /** Upsample once called its linear mode "bilinear". */
    private static String mode(OperatorCall call) {
        return call.text("mode", "nearest").replace("bilinear", "linear");
    }

    /** Y[…, o, …] = Σ_i weights[o][i] X[…, i, …]. */
    private static Value along(Value x, int axis, double[][] weights) {
        int[] dims = Dims.with(x.dims(), axis, weights.length);
        int stride = Dims.strides(dims)[axis];
        int input = x.dim(axis);
        double[] y = new double[Dims.size(dims)];
        for (int at = 0; at < y.length; at++) {
            double[] row = weights[at / stride % weights.length];
            int start = at / stride / weights.length * input * stride + at % stride;
            for (int i = 0; i < input; i++) {
                y[at] += row[i] == 0 ? 0 : row[i] * x.doubleAt(start + i * stride);
            }
        }
        return Cast.to(Value.floats(dims, y), x.type());
    }

    /** Elements whose source lies outside the input along any axis get the extrapolation value. */
    private static Value extrapolated(OperatorCall call, Value y, int[] axes, ResizeAxis[] resized) {
        double[] values = Arrays.copyOf(y.doubles(), y.size());
        for (int at = 0; at < values.length; at++) {
            int[] index = Dims.unravel(at, y.dims());
            for (int i = 0; i < axes.length; i++) {
                double source = resized[i].source(index[axes[i]], "tf_crop_and_resize");
                if (source < 0 || source > resized[i].input() - 1) {
                    values[at] = call.real("extrapolation_value", 0);
                }
            }
        }
        return Value.of(y.type(), y.dims(), values);
    }
}
