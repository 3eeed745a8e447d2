package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.Arrays;

/**
 * Gradient of MaxUnpool: each element's is where it was put. The indices count through the smallest tensor that MaxPool can
 * have read; an output of another size is refused.
 */
public final class MaxUnpoolRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        long[] kernel = c.attributes().integers("kernel_shape", new long[0]);
        long[] ones = new long[kernel.length];
        Arrays.fill(ones, 1);
        long[] strides = c.attributes().integers("strides", ones);
        long[] pads = c.attributes().integers("pads", new long[2 * kernel.length]);
        for (int i = 0; i < kernel.length; i++) {
            long size = (x.size(i + 2) - 1) * strides[i] + kernel[i] - pads[i] - pads[kernel.length + i];
            if (size != c.y(0).shape().size(i + 2)) {
                throw c.refuse("has an output_shape of its own, where ONNX Runtime puts elements elsewhere than the"
                        + " standard says; leave output_shape away");
            }
        }
        long area = c.dy().shape().product(2, c.dy().rank());
        TensorShape rows = TensorShape.of(x.dim(0), x.dim(1), Dim.of(x.product(2, x.rank())));
        Value inRow = ops.emitter().node("Mod", c.x(1).shape(), Attributes.NONE, c.x(1), ops.integer(area));
        Value picked = ops.emitter()
                .node(
                        "GatherElements",
                        rows,
                        Attributes.NONE.with("axis", 2L),
                        ops.reshape(c.dy(), rows.with(2, Dim.of(area))),
                        ops.reshape(inRow, rows));
        return Gradients.of(ops.reshape(picked, x));
    }
}
