package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.stream.Stream;

/** Attention and rotary embeddings of the standard. */
final class AttentionCases {
    private AttentionCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(attention(), rotary()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> attention() {
        Value truths =
                Value.of(ElementType.BOOL, new int[] {3, 5}, new long[] {1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1});
        return Stream.of(
                op("Attention", 23).normal(2, 3, 3, 4).normal(2, 3, 5, 4).normal(2, 3, 5, 6),
                op("Attention", 23).normal(2, 4, 3, 4).normal(2, 2, 5, 4).normal(2, 2, 5, 6),
                op("Attention", 23)
                        .normal(2, 3, 8)
                        .normal(2, 5, 8)
                        .normal(2, 5, 12)
                        .normal(3, 5)
                        .with("q_num_heads", 2)
                        .with("kv_num_heads", 2)
                        .with("scale", 0.3),
                heads(3, 5).input(truths),
                heads(5, 5).with("is_causal", 1),
                heads(3, 3).with("softcap", 2.0),
                heads(3, 3).missing().normal(1, 2, 2, 4).normal(1, 2, 2, 4).outputs(3),
                scores(2, 0),
                scores(2, 1),
                scores(2, 2),
                scores(2, 3),
                heads(3, 3)
                        .missing()
                        .normal(1, 2, 2, 4)
                        .normal(1, 2, 2, 4)
                        .with("is_causal", 1)
                        .outputs(3));
    }

    private static Stream<OneNodeModel> rotary() {
        return Stream.of(
                op("RotaryEmbedding", 23).normal(2, 3, 4, 6).normal(2, 4, 3).normal(2, 4, 3),
                op("RotaryEmbedding", 23)
                        .normal(2, 4, 24)
                        .normal(9, 2)
                        .normal(9, 2)
                        .input(Value.ints(new int[] {2, 4}, 0, 1, 2, 3, 5, 6, 7, 8))
                        .with("num_heads", 3)
                        .with("rotary_embedding_dim", 4)
                        .with("interleaved", 1));
    }

    /** One example with two heads of four numbers. */
    private static OneNodeModel heads(int queries, int keys) {
        return op("Attention", 23)
                .normal(1, 2, queries, 4)
                .normal(1, 2, keys, 4)
                .normal(1, 2, keys, 4);
    }

    private static OneNodeModel scores(double softcap, int stage) {
        return heads(3, 3)
                .normal(3, 3)
                .with("softcap", softcap)
                .with("qk_matmul_output_mode", stage)
                .outputs(1)
                .noOutput()
                .noOutput()
                .outputs(4);
    }
}
