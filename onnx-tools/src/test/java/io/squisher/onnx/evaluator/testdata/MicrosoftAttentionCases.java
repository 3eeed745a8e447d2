package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.stream.Stream;

/** ONNX Runtime's own attention operators. */
final class MicrosoftAttentionCases {
    private MicrosoftAttentionCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(attention(), multiHead(), rotary()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> attention() {
        Value lengths = Value.of(ElementType.I32, new int[] {2}, new long[] {4, 2});
        Value raw = Value.of(ElementType.I32, new int[] {2, 4}, new long[] {1, 1, 1, 0, 1, 1, 0, 0});
        return Stream.of(
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .with("num_heads", 2),
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .input(lengths)
                        .with("num_heads", 2),
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .input(raw)
                        .with("num_heads", 2),
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .missing()
                        .normal(2, 2, 2, 3, 4)
                        .with("num_heads", 2)
                        .with("unidirectional", 1)
                        .outputs(2));
    }

    private static Stream<OneNodeModel> multiHead() {
        Value raw = Value.of(ElementType.I32, new int[] {2, 4}, new long[] {1, 1, 1, 0, 1, 1, 0, 0});
        return Stream.of(
                op("com.microsoft:MultiHeadAttention", 17)
                        .normal(2, 3, 8)
                        .normal(2, 4, 8)
                        .normal(2, 4, 12)
                        .normal(28)
                        .input(raw)
                        .with("num_heads", 2),
                op("com.microsoft:MultiHeadAttention", 17)
                        .normal(2, 3, 8)
                        .normal(2, 3, 8)
                        .normal(2, 3, 8)
                        .missing()
                        .missing()
                        .normal(1, 2, 3, 3)
                        .with("num_heads", 2)
                        .with("scale", 0.4)
                        .with("unidirectional", 1),
                op("com.microsoft:MultiHeadAttention", 17)
                        .normal(2, 3, 8)
                        .normal(2, 2, 4, 4)
                        .normal(2, 2, 4, 4)
                        .with("num_heads", 2));
    }

    private static Stream<OneNodeModel> rotary() {
        return Stream.of(op("com.microsoft:RotaryEmbedding", 17)
                .normal(2, 4, 24)
                .input(Value.ints(new int[] {1}, 2))
                .normal(9, 4)
                .normal(9, 4));
    }
}
