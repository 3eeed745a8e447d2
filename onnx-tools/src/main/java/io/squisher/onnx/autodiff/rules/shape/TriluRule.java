package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Value;

/** Gradient of Trilu: the same triangle of the output's gradient. */
public final class TriluRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Value diagonal = c.has(1) ? c.x(1) : null;
        return Gradients.of(c.ops().emitter().node("Trilu", c.x(0).shape(), c.attributes(), c.dy(), diagonal));
    }
}
