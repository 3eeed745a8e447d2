package io.squisher.onnx.autodiff.rules.indexing;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;

/** Gradient of Compress: each kept slice's goes back to its place, zeros elsewhere. */
public final class CompressRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        boolean flat = !c.attributes().has("axis");
        int axis = flat ? 0 : c.axis(c.attributes().integer("axis", 0), x.rank());
        if (flat ? x.shape().hasExamples() : x.shape().dim(axis).perExample()) {
            throw c.acrossExamples("picks among the examples");
        }
        TensorShape full = flat ? TensorShape.fixed(x.shape().sizePerExample()) : x.shape();
        List<Dim> dims = new ArrayList<>(full.dims());
        dims.add(0, dims.remove(axis));
        TensorShape rows = new TensorShape(dims);
        long kept = c.dy().shape().size(axis);
        Value places = ops.emitter().node("NonZero", TensorShape.fixed(1, kept), Attributes.NONE, c.x(1));
        Value scattered = ops.emitter()
                .node(
                        "ScatterND",
                        rows,
                        Attributes.NONE,
                        ops.zeros(rows, x),
                        ops.transpose(places, 1, 0),
                        ops.moveAxis(c.dy(), axis, 0));
        return Gradients.of(ops.reshape(ops.moveAxis(scattered, 0, axis), x.shape()));
    }
}
