package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/** Gradient of LogSoftmax, {@code Y = X − log Σ_axis exp(X)}: {@code dX = dY − exp(Y) ⊙ Σ_axis dY}. */
public final class LogSoftmaxRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        int axis = c.axis(c.attributes().integer("axis", -1), c.y(0).rank());
        if (c.x(0).shape().dim(axis).perExample()) {
            throw c.refuse("normalises over the axis of the examples, which mixes them");
        }

        Value sum = ops.reduceSum(c.dy(), true, axis);
        return Gradients.of(ops.sub(c.dy(), ops.mul(ops.unary("Exp", c.y(0)), sum)));
    }
}
