package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import java.util.stream.Stream;

/** Activations, reductions and products. */
final class ArithmeticCases {
    private ArithmeticCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(activations(), reductions()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> activations() {
        return Stream.of(
                op("Gelu", 20).normal(3, 4),
                op("Gelu", 20).normal(3, 4).with("approximate", "tanh"),
                op("Mish", 18).normal(3, 4),
                op("Celu", 12).normal(3, 4).with("alpha", 0.7),
                op("Swish", 24).normal(3, 4),
                op("Swish", 24).normal(3, 4).with("alpha", 0.7),
                op("PRelu", 16).normal(2, 3, 4).normal(3, 1));
    }

    private static Stream<OneNodeModel> reductions() {
        return Stream.of(
                op("ReduceLogSumExp", 18)
                        .normal(2, 3, 4)
                        .constant(Value.vector(-1, 0))
                        .with("keepdims", 0),
                op("ReduceL2", 18).normal(2, 3).missing().with("noop_with_empty_axes", 1),
                op("CumSum", 14)
                        .normal(2, 3, 4)
                        .constant(Value.ints(new int[0], -2))
                        .with("reverse", 1)
                        .with("exclusive", 1),
                op("Einsum", 12).normal(2, 3, 4).normal(2, 4, 5).with("equation", "...ij,...jk->...ik"),
                op("Einsum", 12).normal(3, 3).with("equation", "ii"),
                op("Einsum", 12).normal(2, 3).normal(4, 3).normal(4).with("equation", "ab,cb,c->a"),
                op("Einsum", 12).normal(2, 3).normal(3, 4).with("equation", "bj,jc"),
                op("Det", 11).normal(2, 4, 4));
    }
}
