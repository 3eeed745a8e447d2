package io.squisher.onnx.evaluator.linear;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;

/** alpha · A' B' + beta · C, A' and B' transposed on request, C broadcast. */
public final class Gemm {
    private Gemm() {}

    public static Value evaluate(OperatorCall call) {
        Value a = call.flag("transA", false) ? MatMul.transposed(call.input(0)) : call.input(0);
        Value b = call.flag("transB", false) ? MatMul.transposed(call.input(1)) : call.input(1);
        double alpha = call.real("alpha", 1);
        double beta = call.real("beta", 1);
        Value product = Elementwise.map(MatMul.of(a, b), value -> alpha * value);
        return call.optional(2)
                .map(c -> Elementwise.zip(product, c, (value, bias) -> value + beta * bias))
                .orElse(product);
    }
}
