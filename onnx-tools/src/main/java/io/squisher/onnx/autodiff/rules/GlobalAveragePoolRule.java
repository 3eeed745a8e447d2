package io.squisher.onnx.autodiff.rules;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;

/** Gradient of GlobalAveragePool: the output's over the number of positions, at every position. */
final class GlobalAveragePoolRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        long positions = c.x(0).shape().product(2, c.x(0).rank());
        return Gradients.of(c.ops().expandLike(c.ops().scale(c.dy(), 1.0 / positions), c.x(0)));
    }
}
