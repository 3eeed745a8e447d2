package io.squisher.onnx.autodiff.rules;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;

/**
 * Gradient of MatMul, {@code Y = A B} over the last two axes: {@code dA = dY Bᵀ}, {@code dB = Aᵀ dY}. A vector on the
 * left is a row, on the right a column.
 */
final class MatMulRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        if (c.x(0).shape().dim(-1).perExample()) {
            throw c.refuse("sums over the axis of the examples, which mixes them");
        }
        boolean rowVector = c.x(0).rank() == 1;
        boolean columnVector = c.x(1).rank() == 1;
        Value a = rowVector ? ops.unsqueeze(c.x(0), 0) : c.x(0);
        Value b = columnVector ? ops.unsqueeze(c.x(1), 1) : c.x(1);
        Value dy = c.dy();
        dy = columnVector ? ops.unsqueeze(dy, dy.rank()) : dy;
        dy = rowVector ? ops.unsqueeze(dy, dy.rank() - 1) : dy;

        Value da = c.wants(0) ? ops.matMul(dy, ops.transposeLastTwo(b)) : null;
        Value db = c.wants(1) ? ops.matMul(ops.transposeLastTwo(a), dy) : null;
        return Gradients.of(
                da == null || !rowVector ? da : dropAxis(ops, da, da.rank() - 2),
                db == null || !columnVector ? db : dropAxis(ops, db, db.rank() - 1));
    }

    private static Value dropAxis(Ops ops, Value x, int axis) {
        TensorShape shape = x.shape();
        java.util.List<io.squisher.onnx.graph.Dim> dims = new java.util.ArrayList<>(shape.dims());
        dims.remove(axis);
        return ops.reshape(x, new TensorShape(dims));
    }
}
