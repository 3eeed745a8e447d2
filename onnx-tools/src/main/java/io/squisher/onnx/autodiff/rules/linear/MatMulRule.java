package io.squisher.onnx.autodiff.rules.linear;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient of MatMul, {@code Y = A B} over the last two axes: {@code dA = dY Bᵀ}, {@code dB = Aᵀ dY}. A vector on the
 * left is a row, on the right a column.
 */
public final class MatMulRule implements GradientRule {
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

        Value da = c.wants(0) ? productWithTransposed(ops, dy, b) : null;
        Value db = c.wants(1) ? productOfTransposed(ops, a, dy, b) : null;
        return Gradients.of(
                da == null || !rowVector ? da : dropAxis(ops, da, da.rank() - 2),
                db == null || !columnVector ? db : dropAxis(ops, db, db.rank() - 1));
    }

    /** {@code dY Bᵀ}; of a matrix as one Gemm, which needs no transposed copy of the weights. */
    private static Value productWithTransposed(Ops ops, Value dy, Value b) {
        if (b.rank() != 2 || b.shape().hasExamples()) {
            return ops.matMul(dy, ops.transposeLastTwo(b));
        }
        Value product = ops.gemm(rows(ops, dy), false, b, true);
        return ops.reshape(product, dy.shape().with(dy.rank() - 1, b.shape().dim(0)));
    }

    /**
     * {@code Aᵀ dY}; where A has more axes than the matrix B, summed over them in the same product. Of many matrices as
     * {@code (dYᵀ A)ᵀ} where A is the larger, so that the smaller is transposed: for the values of attention by a sixth faster.
     */
    private static Value productOfTransposed(Ops ops, Value a, Value dy, Value b) {
        if (b.rank() == 2 && a.rank() > 2 && a.shape().hasExamples()) {
            return ops.gemm(rows(ops, a), true, rows(ops, dy), false);
        }
        boolean many = a.rank() > 2 && a.rank() == dy.rank();
        return many && a.shape().size(a.rank() - 1) > dy.shape().size(dy.rank() - 1)
                ? ops.transposeLastTwo(ops.matMul(ops.transposeLastTwo(dy), a))
                : ops.matMul(ops.transposeLastTwo(a), dy);
    }

    /** All axes but the last as one. */
    private static Value rows(Ops ops, Value x) {
        int last = x.rank() - 1;
        return ops.reshape(
                x, TensorShape.of(merged(x.shape().slice(0, last)), x.shape().dim(last)));
    }

    /** The axes of a shape as one. */
    private static Dim merged(TensorShape shape) {
        int example = shape.exampleAxis();
        if (example < 0) {
            return Dim.of(shape.sizePerExample());
        }
        Dim dim = shape.dim(example);
        return new Dim(
                shape.product(0, example) * dim.outer(), dim.inner() * shape.product(example + 1, shape.rank()), true);
    }

    private static Value dropAxis(Ops ops, Value x, int axis) {
        TensorShape shape = x.shape();
        List<Dim> dims = new ArrayList<>(shape.dims());
        dims.remove(axis);
        return ops.reshape(x, new TensorShape(dims));
    }
}
