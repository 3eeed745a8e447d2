package io.squisher.onnx.autodiff.rules.reduction;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;

/** Gradient of ReduceSum: the output's, repeated over the reduced axes. */
final class ReduceSumRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        ReductionAxes axes = new ReductionAxes(c);
        return Gradients.of(c.ops().expandLike(axes.restored(c.dy()), c.x(0)));
    }
}
