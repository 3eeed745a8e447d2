package io.squisher.onnx.reading.fused;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.NodeAdapter;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Which operators are decomposed or refused when a file is read, sorted. */
public final class FusedAdapters {
    private static final String MICROSOFT = "com.microsoft";

    /** Layouts that fit one machine's processor. */
    private static final Set<String> LAYOUTS = Set.of("com.microsoft.nchwc", "com.ms.internal.nhwc");

    private static final Map<String, Consumer<Decomposition>> OF_MICROSOFT = Map.ofEntries(
            Map.entry("Attention", MicrosoftAttention::attention),
            Map.entry("BiasGelu", FusedActivations::biasGelu),
            Map.entry("EmbedLayerNormalization", EmbeddingDecomposition::decompose),
            Map.entry("FastGelu", FusedActivations::fastGelu),
            Map.entry("FusedConv", FusedProducts::conv),
            Map.entry("FusedGemm", FusedProducts::gemm),
            Map.entry("FusedMatMul", FusedProducts::matMul),
            Map.entry("Gelu", FusedActivations::gelu),
            Map.entry("LayerNormalization", FusedNormalization::layer),
            Map.entry("MultiHeadAttention", MicrosoftAttention::multiHead),
            Map.entry("QuickGelu", FusedActivations::quickGelu),
            Map.entry("RotaryEmbedding", RotaryDecomposition::microsoft),
            Map.entry("SimplifiedLayerNormalization", FusedNormalization::rootMeanSquare),
            Map.entry("SkipLayerNormalization", FusedNormalization::skipLayer),
            Map.entry("SkipSimplifiedLayerNormalization", FusedNormalization::skipRootMeanSquare),
            Map.entry("TransposeMatMul", FusedProducts::matMul));

    /** Of the default domain: newer than the target opset, not run by ONNX Runtime, or its own. */
    private static final Map<String, Consumer<Decomposition>> OF_DEFAULT_DOMAIN = Map.of(
            "Attention", StandardAttention::decompose,
            "DeformConv", DeformableConvolution::decompose,
            "RMSNormalization", FusedNormalization::rootMeanSquare,
            "RotaryEmbedding", RotaryDecomposition::standard,
            "SimplifiedLayerNormalization", FusedNormalization::rootMeanSquare,
            "Swish", FusedActivations::swish);

    private FusedAdapters() {}

    /** The operators of ONNX Runtime's domain that are decomposed. */
    public static Set<String> ofMicrosoft() {
        return OF_MICROSOFT.keySet();
    }

    /** The adapter that decomposes or refuses {@code node}. */
    public static Optional<NodeAdapter> find(Node node, int opset) {
        if (LAYOUTS.contains(node.domain())) {
            return Optional.of(FusedAdapters::refuseLayout);
        }
        boolean microsoft = node.domain().equals(MICROSOFT);
        if (!microsoft && !node.domain().isEmpty()) {
            return Optional.empty();
        }
        if (QuantizedOperators.contains(node.op())) {
            return Optional.of(QuantizedOperators::refuse);
        }
        Map<String, Consumer<Decomposition>> table = microsoft ? OF_MICROSOFT : OF_DEFAULT_DOMAIN;
        return Optional.ofNullable(table.get(node.op()))
                .map(decompose -> (fused, raiser) -> decompose.accept(new Decomposition(fused, raiser)));
    }

    private static void refuseLayout(Node node, OpsetRaiser raiser) {
        throw new SquisherException(node + " has its weights in a layout for one machine; save the optimised model with"
                + " the optimisation level 'extended' or below, or use the model that was not optimised");
    }
}
