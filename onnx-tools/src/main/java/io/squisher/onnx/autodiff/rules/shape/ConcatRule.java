package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Value;
import java.util.ArrayList;
import java.util.List;

/** Gradient of Concat: each input gets the slice that it became. */
public final class ConcatRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        int axis = c.axis(c.attributes().integer("axis", 0), c.y(0).rank());
        if (c.y(0).shape().dim(axis).perExample()) {
            throw c.acrossExamples("joins along the axis of the examples, which mixes them");
        }

        List<Value> gradients = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < c.node().inputs().size(); i++) {
            long size = c.x(i).shape().size(axis);
            gradients.add(c.wants(i) ? c.ops().slice(c.dy(), axis, at, at + size, 1) : null);
            at += size;
        }
        return Gradients.of(gradients);
    }
}
