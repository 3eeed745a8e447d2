package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.graph.Axes;

/** Gradient of Transpose: the inverse permutation. */
public final class TransposeRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        int[] permutation = Axes.permutation(c.attributes(), c.x(0).rank());
        return Gradients.of(c.ops().transpose(c.dy(), Axes.inverse(permutation)));
    }
}
