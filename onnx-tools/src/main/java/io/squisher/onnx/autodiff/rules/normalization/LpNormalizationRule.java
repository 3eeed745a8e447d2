package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/**
 * Gradient of LpNormalization, {@code Y = X / ‖X‖_p} along an axis, p 1 or 2: {@code dX = (dY − s Σ dY Y) / ‖X‖_p} with s
 * the norm's own derivative: sign(X), or Y. 0 where all of X is.
 */
public final class LpNormalizationRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
        if (x.shape().dim(axis).perExample()) {
            throw c.refuse("normalises over the axis of the examples, which mixes them");
        }
        boolean absolute = c.attributes().integer("p", 2) == 1;
        Value norm = ops.reduce(absolute ? "ReduceL1" : "ReduceL2", x, true, axis);
        Value slope = absolute ? ops.unary("Sign", x) : c.y(0);
        Value projection = ops.reduceSum(ops.mul(c.dy(), c.y(0)), true, axis);
        Value zero = ops.equal(norm, ops.scalar(0));
        Value dx = ops.div(ops.sub(c.dy(), ops.mul(slope, projection)), ops.where(zero, ops.scalar(1), norm));
        return Gradients.of(ops.where(zero, ops.scalar(0), dx));
    }
}
