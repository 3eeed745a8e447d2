package io.squisher.onnx.autodiff.rules.indexing;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TensorShape;
import java.util.List;

/** Gradient of TopK: each chosen value's goes back to where it stood. */
public final class TopKRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
        if (x.shape().dim(axis).perExample()) {
            throw c.refuse("chooses among the examples");
        }
        TensorShape chosen = c.y(0).shape();
        Value indices = ops.emitter()
                .nodes("TopK", List.of(chosen, chosen), c.attributes(), x, c.x(1))
                .get(1);
        return Gradients.of(ops.emitter()
                .node(
                        "ScatterElements",
                        x.shape(),
                        Attributes.NONE.with("axis", axis),
                        ops.zeros(x.shape(), x),
                        indices,
                        c.dy()));
    }
}
