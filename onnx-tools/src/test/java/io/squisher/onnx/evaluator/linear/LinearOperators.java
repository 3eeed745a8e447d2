package io.squisher.onnx.evaluator.linear;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of products. */
public final class LinearOperators {
    private LinearOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("Det", Det::evaluate)
                .one("Einsum", Einsum::evaluate)
                .one("Gemm", Gemm::evaluate)
                .one("MatMul", MatMul::evaluate);
    }
}
