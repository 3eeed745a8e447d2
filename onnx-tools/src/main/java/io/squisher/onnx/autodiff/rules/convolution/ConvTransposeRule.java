package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TensorShape;
import java.util.Arrays;

/**
 * Gradient of ConvTranspose, the transposed map of a convolution: {@code dX} is that convolution of {@code dY}; {@code
 * dW} is the convolution's weight gradient with the roles of input and output swapped; {@code db = Σ dY}.
 */
public final class ConvTransposeRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value dx = c.wants(0) ? input(c) : null;
        Value dw = null;
        if (c.wants(1)) {
            PatchProduct product = PatchProduct.ofTransposed(c);
            dw = product.summed(ops);
        }
        Value db = c.wants(2) ? ops.moveAxis(c.dy(), 1, c.dy().rank() - 1) : null;
        return Gradients.of(dx, dw, db);
    }

    private static Value input(RuleContext c) {
        Windows windows = windows(c);
        Attributes attributes = Attributes.NONE
                .with("strides", windows.strides())
                .with("dilations", windows.dilations())
                .with("pads", windows.pads())
                .with("group", c.attributes().integer("group", 1));
        return c.ops().emitter().node("Conv", c.x(0).shape(), attributes, c.dy(), c.x(1));
    }

    /**
     * The windows of the convolution that this is the transpose of: its input is our output. Padding behind follows from
     * the sizes, whatever output_padding, output_shape and auto_pad said.
     */
    static Windows windows(RuleContext c) {
        TensorShape w = c.x(1).shape();
        int axes = w.rank() - 2;
        long[] kernel = new long[axes];
        long[] input = new long[axes];
        long[] output = new long[axes];
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        for (int i = 0; i < axes; i++) {
            kernel[i] = w.size(i + 2);
            input[i] = c.y(0).shape().size(i + 2);
            output[i] = c.x(0).shape().size(i + 2);
        }
        long[] strides = c.attributes().integers("strides", ones);
        long[] dilations = c.attributes().integers("dilations", ones);
        long[] before = before(c, axes, kernel, strides, dilations, input, output);
        long[] behind = new long[axes];
        for (int i = 0; i < axes; i++) {
            long reached = (output[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
            // What output_padding added is beyond the last window; a convolution leaves it unread by itself.
            behind[i] = Math.max(0, reached - before[i] - input[i]);
        }
        return new Windows(input, output, kernel, strides, dilations, before, behind);
    }

    private static long[] before(
            RuleContext c, int axes, long[] kernel, long[] strides, long[] dilations, long[] input, long[] output) {
        String automatic = c.attributes().string("auto_pad", "NOTSET");
        boolean shaped = c.attributes().has("output_shape") || automatic.startsWith("SAME");
        if (!shaped) {
            long[] pads = automatic.equals("VALID")
                    ? new long[2 * axes]
                    : c.attributes().integers("pads", new long[2 * axes]);
            return Arrays.copyOf(pads, axes);
        }
        long[] before = new long[axes];
        long[] outputPadding = c.attributes().integers("output_padding", new long[axes]);
        for (int i = 0; i < axes; i++) {
            long total = Math.max(
                    0, (output[i] - 1) * strides[i] + outputPadding[i] + (kernel[i] - 1) * dilations[i] + 1 - input[i]);
            before[i] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        }
        return before;
    }
}
