package io.squisher.onnx.autodiff.rules.reduction;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Value;

/** Gradient of ReduceMean: the output's over the number of elements, repeated over the reduced axes. */
final class ReduceMeanRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        ReductionAxes axes = new ReductionAxes(c);
        Value scaled = c.ops().scale(c.dy(), 1.0 / axes.count());
        return Gradients.of(c.ops().expandLike(axes.restored(scaled), c.x(0)));
    }
}
