package io.squisher.onnx.evaluator.fused;

import io.squisher.onnx.evaluator.OperatorTable;
import io.squisher.onnx.evaluator.elementwise.Functions;
import io.squisher.onnx.evaluator.normalization.LayerNormalization;

/** The list of fused operators. ONNX Runtime keeps SimplifiedLayerNormalization in the standard's domain. */
public final class FusedOperators {
    private FusedOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .many("SimplifiedLayerNormalization", FusedNormalization::simplified)
                .one("com.microsoft:BiasGelu", call -> FusedActivations.biased(call, Functions::gelu))
                .many("com.microsoft:EmbedLayerNormalization", FusedNormalization::embed)
                .one("com.microsoft:FastGelu", call -> FusedActivations.biased(call, Functions::geluTanh))
                .one("com.microsoft:FusedConv", FusedActivations::conv)
                .one("com.microsoft:FusedGemm", FusedActivations::gemm)
                .one("com.microsoft:FusedMatMul", FusedMatMul::evaluate)
                .one("com.microsoft:Gelu", call -> FusedActivations.biased(call, Functions::gelu))
                .many("com.microsoft:LayerNormalization", LayerNormalization::evaluate)
                .one("com.microsoft:QuickGelu", FusedActivations::quickGelu)
                .many("com.microsoft:SimplifiedLayerNormalization", FusedNormalization::simplified)
                .many("com.microsoft:SkipLayerNormalization", FusedNormalization::skip)
                .many("com.microsoft:SkipSimplifiedLayerNormalization", FusedNormalization::skipSimplified)
                .one("com.microsoft:TransposeMatMul", FusedMatMul::evaluate);
    }
}
