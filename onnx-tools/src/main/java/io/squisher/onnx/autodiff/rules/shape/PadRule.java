package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.linear.AxisProduct;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Gradient of Pad. Constant padding: the part of the gradient that lies on the input, and what lies on the padding for
 * the constant. The other modes repeat elements of the input: each collects the gradients of its copies.
 */
public final class PadRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        int rank = c.x(0).rank();
        long[] pads = c.integers(1, "pads");
        long[] axes = c.has(3)
                ? c.integers(3, "axes")
                : IntStream.range(0, rank).asLongStream().toArray();
        long[] before = new long[rank];
        long[] behind = new long[rank];
        for (int i = 0; i < axes.length; i++) {
            int axis = c.axis(axes[i], rank);
            before[axis] = pads[i];
            behind[axis] = pads[axes.length + i];
            if (c.x(0).shape().dim(axis).perExample() && (before[axis] != 0 || behind[axis] != 0)) {
                throw c.refuse("pads the axis of the examples, which makes more of them");
            }
        }
        String mode = c.attributes().string("mode", "constant");
        return mode.equals("constant") ? constant(c, before, behind) : Gradients.of(repeated(c, mode, before, behind));
    }

    private static Gradients constant(RuleContext c, long[] before, long[] behind) {
        Ops ops = c.ops();
        Value dx = ops.pad(c.dy(), negative(before), negative(behind));
        Value dValue = c.wants(2) ? ops.sub(c.dy(), ops.pad(dx, before, behind)) : null;
        return Gradients.of(dx, null, dValue);
    }

    private static long[] negative(long[] widths) {
        return Arrays.stream(widths).map(width -> -width).toArray();
    }

    private static Value repeated(RuleContext c, String mode, long[] before, long[] behind) {
        Value gradient = c.dy();
        for (int axis = 0; axis < before.length; axis++) {
            if (before[axis] != 0 || behind[axis] != 0) {
                int size = Math.toIntExact(c.x(0).shape().size(axis));
                float[][] copies = new float[size][Math.toIntExact(size + before[axis] + behind[axis])];
                for (int i = 0; i < copies[0].length; i++) {
                    copies[source(c, mode, i - before[axis], size)][i] = 1;
                }
                gradient = AxisProduct.along(c.ops(), gradient, axis, copies);
            }
        }
        return gradient;
    }

    /** The input's element that stands at {@code position}, counted from the input's first. */
    private static int source(RuleContext c, String mode, long position, int size) {
        return (int)
                switch (mode) {
                    case "edge" -> Math.max(0, Math.min(size - 1, position));
                    case "wrap" -> Math.floorMod(position, (long) size);
                    case "reflect" -> {
                        long period = Math.max(1, 2L * size - 2);
                        long within = Math.floorMod(position, period);
                        yield Math.min(within, period - within);
                    }
                    default -> throw c.refuse("pads by the unknown mode '" + mode + "'");
                };
    }
}
