package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Value;
import java.util.ArrayList;
import java.util.List;

/** Gradient of Split: the outputs' gradients joined again, zeros where none arrives. */
public final class SplitRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        int axis = c.axis(c.attributes().integer("axis", 0), c.x(0).rank());
        if (c.x(0).shape().dim(axis).perExample()) {
            throw c.acrossExamples("divides the axis of the examples, which mixes them");
        }

        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < c.node().outputs().size(); i++) {
            Value like = c.y(i);
            parts.add(c.dy(i).orElseGet(() -> c.ops().zeros(like.shape(), like)));
        }
        return Gradients.of(c.ops().concat(axis, parts));
    }
}
