package io.squisher.onnx.autodiff.rules;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/** Gradient of Softmax, {@code Y = exp(X) / Σ_axis exp(X)}: {@code dX = Y ⊙ (dY − Σ_axis dY ⊙ Y)}. */
final class SoftmaxRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        int axis = c.axis(c.attributes().integer("axis", -1), c.y(0).rank());
        if (c.x(0).shape().dim(axis).perExample()) {
            throw c.refuse("normalises over the axis of the examples, which mixes them");
        }
        Value y = c.y(0);

        Value sum = ops.reduceSum(ops.mul(c.dy(), y), true, axis);
        return Gradients.of(ops.mul(y, ops.sub(c.dy(), sum)));
    }
}
