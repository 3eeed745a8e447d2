package io.squisher.onnx.evaluator.fused;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.linear.MatMul;

/**
 * alpha · A' B': {@code transBatchA} moves A's first axis behind the other leading ones, {@code transA} then exchanges the
 * last two; likewise for B.
 */
final class FusedMatMul {
    private FusedMatMul() {}

    static Value evaluate(OperatorCall call) {
        double alpha = call.real("alpha", 1);
        Value product = MatMul.of(operand(call, 0, "A"), operand(call, 1, "B"));
        return Elementwise.map(product, value -> alpha * value);
    }

    private static Value operand(OperatorCall call, int position, String letter) {
        Value x = call.input(position);
        if (call.flag("transBatch" + letter, false)) {
            int[] order = new int[x.rank()];
            for (int axis = 0; axis < order.length - 2; axis++) {
                order[axis] = axis + 1;
            }
            order[order.length - 1] = order.length - 1;
            x = x.transposed(order);
        }
        return call.flag("trans" + letter, false) ? MatMul.transposed(x) : x;
    }
}
