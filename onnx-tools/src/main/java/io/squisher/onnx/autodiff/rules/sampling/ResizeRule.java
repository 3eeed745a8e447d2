package io.squisher.onnx.autodiff.rules.sampling;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.linear.AxisProduct;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Gradient of Resize. Each axis is a product with a constant matrix of interpolation weights, whatever mode and coordinates:
 * the gradient is the product with its transpose.
 */
public final class ResizeRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        TensorShape x = c.x(0).shape();
        TensorShape y = c.y(0).shape();
        long[] axes =
                c.attributes().integers("axes", LongStream.range(0, x.rank()).toArray());
        boolean crop =
                c.attributes().string("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
        double[] roi = crop ? floats(c, 1, "roi") : new double[0];
        double[] scales = scales(c, axes);
        Value gradient = c.dy();
        for (int i = 0; i < axes.length; i++) {
            int axis = c.axis(axes[i], x.rank());
            double start = crop ? roi[i] : 0;
            double end = crop ? roi[axes.length + i] : 1;
            boolean same = x.dim(axis).equals(y.dim(axis)) && scales[i] == 1 && start == 0 && end == 1;
            if (same) {
                continue;
            }
            if (x.dim(axis).perExample()) {
                throw c.refuse("resizes the axis of the examples, which mixes them");
            }
            int input = Math.toIntExact(x.size(axis));
            int output = Math.toIntExact(y.size(axis));
            refuseFraction(c, scales[i] * input, output);
            float[][] weights = new ResizeWeights(c.attributes(), input, output, scales[i], start, end).matrix();
            gradient = AxisProduct.along(c.ops(), gradient, axis, AxisProduct.transposed(weights, input));
        }
        return Gradients.of(gradient);
    }

    /** With corners aligned ONNX Runtime counts whole elements where the standard counts fractions. */
    private static void refuseFraction(RuleContext c, double length, int output) {
        String coordinates = c.attributes().string("coordinate_transformation_mode", "");
        if (coordinates.equals("align_corners") && Math.abs(length - output) > 1e-3) {
            throw c.refuse("aligns corners at a scale that gives " + length
                    + " elements, where ONNX Runtime and the standard differ; export it with sizes");
        }
    }

    /** Scales as given, else from sizes: those of single axes, or one for all that keeps the aspect ratio. */
    private static double[] scales(RuleContext c, long[] axes) {
        if (c.has(2)) {
            double[] scales = floats(c, 2, "scales");
            if (scales.length > 0) {
                return scales;
            }
        }
        TensorShape x = c.x(0).shape();
        String policy = c.attributes().string("keep_aspect_ratio_policy", "stretch");
        if (policy.equals("stretch")) {
            TensorShape y = c.y(0).shape();
            return Arrays.stream(axes)
                    .mapToInt(axis -> c.axis(axis, x.rank()))
                    .mapToDouble(axis -> (double) y.size(axis) / x.size(axis))
                    .toArray();
        }
        long[] sizes = c.integers(3, "sizes");
        DoubleStream each =
                IntStream.range(0, axes.length).mapToDouble(i -> (double) sizes[i] / x.size(c.axis(axes[i], x.rank())));
        double common = (policy.equals("not_larger") ? each.min() : each.max()).orElse(1);
        double[] scales = new double[axes.length];
        Arrays.fill(scales, common);
        return scales;
    }

    private static double[] floats(RuleContext c, int position, String role) {
        return c.constant(position)
                .map(Tensor::toDoubles)
                .orElseThrow(() -> c.refuse("its " + role + " are computed in the graph; export with fixed " + role));
    }
}
