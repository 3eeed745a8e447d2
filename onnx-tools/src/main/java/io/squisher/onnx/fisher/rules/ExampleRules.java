package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.autodiff.rules.convolution.PatchProduct;
import io.squisher.onnx.autodiff.rules.recurrent.RecurrentRule;
import java.util.Map;

/**
 * The operators with a rule of their own for per-example gradients. All others use their derivative, which keeps the
 * axis of examples wherever it only broadcasts the parameter.
 */
public final class ExampleRules {
    public static final Map<String, ExampleGradientRule> ALL = Map.of(
            "Conv", new ConvExampleRule(PatchProduct::of),
            "ConvTranspose", new ConvExampleRule(PatchProduct::ofTransposed),
            "GRU", new RecurrentExampleRule(RecurrentRule.GRU),
            "Gather", new GatherExampleRule(),
            "Gemm", new GemmExampleRule(),
            "LSTM", new RecurrentExampleRule(RecurrentRule.LSTM),
            "MatMul", new MatMulExampleRule(),
            "RNN", new RecurrentExampleRule(RecurrentRule.RNN));

    private ExampleRules() {}
}
