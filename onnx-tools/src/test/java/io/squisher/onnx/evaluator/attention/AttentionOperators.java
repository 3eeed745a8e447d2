package io.squisher.onnx.evaluator.attention;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of attention operators. */
public final class AttentionOperators {
    private AttentionOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .many("Attention", Attention::evaluate)
                .one("RotaryEmbedding", RotaryEmbedding::evaluate)
                .many("com.microsoft:Attention", MicrosoftAttention::attention)
                .many("com.microsoft:MultiHeadAttention", MicrosoftAttention::multiHead)
                .one("com.microsoft:RotaryEmbedding", RotaryEmbedding::microsoft);
    }
}
