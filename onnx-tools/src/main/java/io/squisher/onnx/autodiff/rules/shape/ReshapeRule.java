package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;

/** Gradient of Reshape, Flatten, Squeeze and Unsqueeze: the same elements in the input's shape. */
public final class ReshapeRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        return Gradients.of(c.ops().reshape(c.dy(), c.x(0).shape()));
    }
}
