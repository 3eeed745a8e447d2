package io.squisher.onnx.autodiff.rules.indexing;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;

/** Gradient of GatherElements: each output's is added to the element that it was taken from. */
public final class GatherElementsRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
        if (x.shape().dim(axis).perExample()) {
            throw c.acrossExamples("picks along the axis of the examples, which mixes them");
        }
        if (x.shape().exampleAxis() != c.x(1).shape().exampleAxis()) {
            throw c.acrossExamples("picks from " + x.shape() + " by indices " + c.x(1).shape()
                    + ": data and indices must have their examples in the same place");
        }
        Value scattered = ops.emitter()
                .node(
                        "ScatterElements",
                        x.shape(),
                        Attributes.NONE.with("axis", axis).with("reduction", "add"),
                        ops.zeros(x.shape(), x),
                        c.x(1),
                        c.dy());
        return Gradients.of(scattered);
    }
}
