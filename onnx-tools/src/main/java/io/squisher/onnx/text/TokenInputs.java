package io.squisher.onnx.text;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorShapeProto.Dimension;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a model's inputs take of a text, by their names as exporters give them.
 *
 * @param kinds by input
 * @param length the number of tokens that the model is fixed to
 */
record TokenInputs(Map<String, Kind> kinds, OptionalInt length) {
    /** What an input takes. */
    enum Kind {
        IDS,
        /** 1 for each token, 0 for what fills up. */
        MASK,
        /** 0 for tokens of the first text, 1 for those of the second. */
        TYPES,
        POSITIONS
    }

    /**
     * The inputs of a model.
     *
     * @throws SquisherException if one is not of tokens, or none takes their numbers
     */
    static TokenInputs of(OnnxFile model) {
        GraphProto graph = model.model().getGraph();
        Set<String> stored =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        Map<String, Kind> kinds = new LinkedHashMap<>();
        OptionalInt length = OptionalInt.empty();
        for (ValueInfoProto input : graph.getInputList()) {
            if (stored.contains(input.getName())) {
                continue;
            }
            List<Dimension> dims = input.getType().getTensorType().getShape().getDimList();
            Kind kind = kind(input.getName());
            if (kind == null || input.getType().getTensorType().hasShape() && dims.size() != 2) {
                throw new SquisherException("the input '" + input.getName() + "' of '" + model.path()
                        + "' takes no tokens of a text: such inputs are [N, tokens], and called input_ids,"
                        + " attention_mask, token_type_ids or position_ids; give other data with --data");
            }
            kinds.put(input.getName(), kind);
            if (dims.size() == 2 && dims.get(1).getDimValue() > 0) {
                length = OptionalInt.of(Math.toIntExact(dims.get(1).getDimValue()));
            }
        }
        if (!kinds.containsValue(Kind.IDS)) {
            throw new SquisherException("no input of '" + model.path()
                    + "' takes the numbers of tokens, as input_ids does; it has " + kinds.keySet());
        }
        return new TokenInputs(kinds, length);
    }

    private static Kind kind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("mask")) {
            return Kind.MASK;
        }
        if (lower.contains("type") || lower.contains("segment")) {
            return Kind.TYPES;
        }
        if (lower.contains("position")) {
            return Kind.POSITIONS;
        }
        return lower.contains("ids") || lower.contains("tokens") ? Kind.IDS : null;
    }

    /** The input that takes the numbers of tokens. */
    String ids() {
        return kinds.entrySet().stream()
                .filter(entry -> entry.getValue() == Kind.IDS)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
