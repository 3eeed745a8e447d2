package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.ExampleGradient;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;

/**
 * A matrix of weights: {@code G_n = A_nᵀ B_n}, summed over S shared positions.
 *
 * <p>Without a shared axis (S = 1) the gradient is an outer product, whose squares are the outer product of the squares:
 * {@code Σ_n G_n² = (A²)ᵀ B²}, one product of matrices and no gradient of any example in memory.
 *
 * @param a {@code [N, S, rows]}
 * @param b {@code [N, S, columns]}
 */
record LinearGradient(Value a, Value b) implements ExampleGradient {
    @Override
    public Value perExample(Ops ops) {
        return ops.matMul(ops.transpose(a, 0, 2, 1), b);
    }

    @Override
    public Value sumOfSquares(Ops ops) {
        if (a.shape().size(1) != 1) {
            return ExampleGradient.super.sumOfSquares(ops);
        }
        return ops.gemm(ops.square(matrix(ops, a)), true, ops.square(matrix(ops, b)), false);
    }

    private static Value matrix(Ops ops, Value x) {
        return ops.reshape(x, TensorShape.of(Dim.EXAMPLES, x.shape().dim(2)));
    }

    @Override
    public String path() {
        return a.shape().size(1) == 1 ? "product of squares" : "per-example product";
    }
}
