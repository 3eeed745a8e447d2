package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.stream.Stream;

/** Operators that ONNX Runtime's optimizer puts in. */
final class FusedCases {
    private FusedCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(normalizations(), others(), products()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> normalizations() {
        return Stream.of(
                op("com.microsoft:SkipLayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(2, 3, 4)
                        .normal(4)
                        .normal(4)
                        .normal(4),
                op("com.microsoft:SkipLayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(1, 3, 4)
                        .normal(4),
                op("com.microsoft:SkipSimplifiedLayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(2, 3, 4)
                        .normal(4)
                        .with("epsilon", 1e-3),
                op("SimplifiedLayerNormalization", 17).normal(2, 3, 4).normal(4),
                op("com.microsoft:SimplifiedLayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(4)
                        .with("epsilon", 1e-2),
                op("com.microsoft:LayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(4)
                        .normal(4)
                        .with("epsilon", 1e-2),
                op("com.microsoft:LayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(3, 4)
                        .with("axis", 1)
                        .outputs(3),
                op("com.microsoft:EmbedLayerNormalization", 17)
                        .input(Value.of(ElementType.I32, new int[] {2, 3}, new long[] {1, 0, 4, 2, 2, 3}))
                        .input(Value.of(ElementType.I32, new int[] {2, 3}, new long[] {0, 1, 1, 0, 0, 1}))
                        .normal(5, 4)
                        .normal(6, 4)
                        .normal(2, 4)
                        .normal(4)
                        .normal(4)
                        .input(Value.of(ElementType.I32, new int[] {2, 3}, new long[] {1, 1, 1, 1, 1, 0}))
                        .with("epsilon", 1e-3)
                        .outputs(2));
    }

    private static Stream<OneNodeModel> products() {
        return Stream.of(
                op("com.microsoft:FusedGemm", 17)
                        .normal(4, 3)
                        .normal(5, 4)
                        .normal(5)
                        .with("transA", 1)
                        .with("transB", 1)
                        .with("alpha", 0.7)
                        .with("beta", 1.3)
                        .with("activation", "Relu"),
                op("com.microsoft:FusedGemm", 17)
                        .normal(3, 4)
                        .normal(4, 5)
                        .with("activation", "LeakyRelu")
                        .with("activation_alpha", 0.3),
                op("com.microsoft:TransposeMatMul", 17)
                        .normal(2, 3, 4)
                        .normal(2, 5, 4)
                        .with("transB", 1)
                        .with("alpha", 0.7));
    }

    private static Stream<OneNodeModel> others() {
        return Stream.of(
                op("com.microsoft:Gelu", 17).normal(3, 4),
                op("com.microsoft:FastGelu", 17).normal(3, 4).normal(4),
                op("com.microsoft:BiasGelu", 17).normal(3, 4).normal(4),
                op("com.microsoft:QuickGelu", 17).normal(3, 4).with("alpha", 1.5),
                op("com.microsoft:FusedMatMul", 17)
                        .normal(2, 4, 3)
                        .normal(2, 5, 4)
                        .with("transA", 1)
                        .with("transB", 1)
                        .with("alpha", 0.7),
                op("com.microsoft:FusedMatMul", 17)
                        .normal(3, 2, 4)
                        .normal(2, 4, 5)
                        .with("transBatchA", 1),
                op("com.microsoft:FusedConv", 17)
                        .normal(1, 2, 5, 5)
                        .normal(3, 2, 3, 3)
                        .normal(3)
                        .normal(1, 3, 3, 3)
                        .with("activation", "Relu"),
                op("com.microsoft:FusedConv", 17)
                        .normal(1, 2, 5, 5)
                        .normal(3, 2, 3, 3)
                        .normal(3)
                        .with("activation", "LeakyRelu")
                        .with("activation_params", new double[] {0.3}));
    }
}
