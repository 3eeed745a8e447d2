package io.squisher.onnx.autodiff.rules;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Operators of the standard that no gradient is computed through, and why. */
final class RefusedOperators {
    private static final String QUANTIZED =
            "computes with quantized numbers, whose gradient is 0 almost everywhere; use the model before quantization";

    private static final String RANDOM =
            "draws random numbers, so the model has no fixed gradient; export it in eval mode";

    private static final String SEQUENCES =
            "works on sequences or optionals, which have no gradient here but for lists of tensors that are known when the"
                    + " file is read; export with plain tensors";

    private static final String TEXT = "works on text or files; let it be part of the preparation of the data";

    static final Map<String, String> REASONS = reasons();

    private RefusedOperators() {}

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        put(
                reasons,
                QUANTIZED,
                List.of(
                        "ConvInteger",
                        "DequantizeLinear",
                        "DynamicQuantizeLinear",
                        "MatMulInteger",
                        "QLinearConv",
                        "QLinearMatMul",
                        "QuantizeLinear"));
        put(
                reasons,
                RANDOM,
                List.of(
                        "Bernoulli",
                        "Multinomial",
                        "RandomNormal",
                        "RandomNormalLike",
                        "RandomUniform",
                        "RandomUniformLike"));
        put(
                reasons,
                SEQUENCES,
                List.of(
                        "ConcatFromSequence",
                        "Optional",
                        "OptionalGetElement",
                        "OptionalHasElement",
                        "SequenceAt",
                        "SequenceConstruct",
                        "SequenceEmpty",
                        "SequenceErase",
                        "SequenceInsert",
                        "SequenceLength",
                        "SequenceMap",
                        "SplitToSequence"));
        put(
                reasons,
                TEXT,
                List.of(
                        "ImageDecoder",
                        "RegexFullMatch",
                        "StringConcat",
                        "StringNormalizer",
                        "StringSplit",
                        "TfIdfVectorizer"));
        put(
                reasons,
                "writes into a cache of keys and values, as a model does that generates text; export it without a cache",
                List.of("TensorScatter"));
        put(
                reasons,
                "drops repeated values, so its result changes its size where two values meet; use the model up to"
                        + " there, with another output",
                List.of("Unique"));
        return Map.copyOf(reasons);
    }

    private static void put(Map<String, String> reasons, String reason, Collection<String> operators) {
        operators.forEach(operator -> reasons.put(operator, reason));
    }
}
