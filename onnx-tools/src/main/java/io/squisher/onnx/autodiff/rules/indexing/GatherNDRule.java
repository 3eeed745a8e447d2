package io.squisher.onnx.autodiff.rules.indexing;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.linear.AxisProduct;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.stream.IntStream;

/**
 * Gradient of GatherND, {@code Y[b,q,r] = X[b,index[b,q],r]} with b the batch axes, q the rest of the indices and r the
 * rest of the data: each output's is added to the slice that it was taken from.
 */
public final class GatherNDRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int batch = (int) c.attributes().integer("batch_dims", 0);
        int picked = batch + (int) c.x(1).shape().size(c.x(1).rank() - 1);
        int example = x.shape().exampleAxis();
        if (example >= batch && example < picked) {
            throw c.acrossExamples("picks along the axis of the examples, which mixes them");
        }
        if (batch > 0 && example != c.x(1).shape().exampleAxis() && example < batch) {
            throw c.acrossExamples("picks from " + x.shape() + " by indices " + c.x(1).shape()
                    + ": data and indices must have their examples in the same place");
        }
        if (batch > 0) {
            return Gradients.of(flattened(c, batch, picked));
        }
        return Gradients.of(ops.emitter()
                .node(
                        "ScatterND",
                        x.shape(),
                        Attributes.NONE.with("reduction", "add"),
                        ops.zeros(x.shape(), x),
                        c.x(1),
                        c.dy()));
    }

    /** With the axes b, i, q, r merged to one each, it is GatherElements along i. */
    private static Value flattened(RuleContext c, int batch, int picked) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        TensorShape indices = c.x(1).shape();
        Dim b = AxisProduct.merged(x.dims().subList(0, batch));
        Dim q = AxisProduct.merged(indices.dims().subList(batch, indices.rank() - 1));
        Dim r = AxisProduct.merged(x.dims().subList(picked, x.rank()));
        Dim i = Dim.of(x.product(batch, picked));

        Value rows = ops.reshape(linear(c, batch, picked), TensorShape.of(b, q, Dim.of(1)));
        Value updates = ops.reshape(c.dy(), TensorShape.of(b, q, r));
        Value zeros = ops.zeros(TensorShape.of(b, i, r), c.x(0));
        Value scattered = ops.emitter()
                .node(
                        "ScatterElements",
                        zeros.shape(),
                        Attributes.NONE.with("axis", 1L).with("reduction", "add"),
                        zeros,
                        ops.expandLike(rows, updates),
                        updates);
        return ops.reshape(scattered, x);
    }

    /** Index tuples as positions in the merged axis, {@code [b…, q…]}. */
    private static Value linear(RuleContext c, int batch, int picked) {
        Ops ops = c.ops();
        long[] sizes = IntStream.range(batch, picked)
                .mapToLong(axis -> c.x(0).shape().size(axis))
                .toArray();
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= sizes[i];
        }
        Value index = c.x(1);
        Value wrapped = ops.where(ops.less(index, ops.integer(0)), ops.add(index, ops.integers(sizes)), index);
        return ops.reduceSum(ops.mul(wrapped, ops.integers(strides)), false, index.rank() - 1);
    }
}
