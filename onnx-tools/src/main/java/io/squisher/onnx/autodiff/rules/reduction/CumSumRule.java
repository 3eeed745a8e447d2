package io.squisher.onnx.autodiff.rules.reduction;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.graph.Attributes;

/** Gradient of CumSum: the cumulative sum from the other end. */
public final class CumSumRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        int axis = c.axis(c.integers(1, "axis")[0], c.x(0).rank());
        if (c.x(0).shape().dim(axis).perExample()) {
            throw c.refuse("sums along the axis of the examples, which mixes them");
        }
        Attributes attributes =
                c.attributes().with("reverse", 1 - c.attributes().integer("reverse", 0));
        return Gradients.of(c.ops().emitter().node("CumSum", c.x(0).shape(), attributes, c.dy(), c.x(1)));
    }
}
