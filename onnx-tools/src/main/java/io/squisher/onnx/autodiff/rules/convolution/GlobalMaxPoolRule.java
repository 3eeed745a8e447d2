package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.util.stream.IntStream;

/** Gradient of GlobalMaxPool: it goes to the elements that equal the largest, in equal parts. */
public final class GlobalMaxPoolRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        int[] spatial = IntStream.range(2, c.x(0).rank()).toArray();
        Value chosen = ops.cast(ops.equal(c.x(0), c.y(0)), DataType.FLOAT_VALUE);
        return Gradients.of(ops.mul(ops.div(c.dy(), ops.reduceSum(chosen, true, spatial)), chosen));
    }
}
