package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;

/** Gradient of ReverseSequence: the same reversal, which is its own inverse. */
public final class ReverseSequenceRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        int time = (int) c.attributes().integer("time_axis", 0);
        if (c.x(0).shape().dim(time).perExample()) {
            throw c.acrossExamples("reverses the order of the examples");
        }
        return Gradients.of(c.ops().emitter().node("ReverseSequence", c.x(0).shape(), c.attributes(), c.dy(), c.x(1)));
    }
}
