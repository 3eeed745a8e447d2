package io.squisher.onnx.reading.fused;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import java.util.Set;

/** Operators of quantized models, through which no gradient passes. */
final class QuantizedOperators {
    private static final Set<String> NAMES = Set.of(
            "ConvInteger",
            "DequantizeBFP",
            "DequantizeLinear",
            "DynamicQuantizeLSTM",
            "DynamicQuantizeLinear",
            "DynamicQuantizeMatMul",
            "GatherBlockQuantized",
            "MatMulBnb4",
            "MatMulFpQ4",
            "MatMulInteger",
            "MatMulInteger16",
            "MatMulIntegerToFloat",
            "MatMulNBits",
            "QAttention",
            "QEmbedLayerNormalization",
            "QGemm",
            "QMoE",
            "QuantizeBFP",
            "QuantizeLinear");

    private QuantizedOperators() {}

    static boolean contains(String op) {
        return NAMES.contains(op) || op.startsWith("QLinear") || op.startsWith("QOrdered");
    }

    static void refuse(Node node, OpsetRaiser raiser) {
        throw new SquisherException(
                node + " belongs to a quantized model, whose rounded weights have no gradient; use the"
                        + " floating-point model that it was made from");
    }
}
