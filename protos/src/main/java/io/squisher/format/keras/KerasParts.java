package io.squisher.format.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Layers inside layers that make variables in groups of their own, by the attribute that holds them, in the order of their variables. */
final class KerasParts {
    private static final List<String> ATTENTION =
            List.of("MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention");

    private static final List<String> RECURRENT = List.of("LSTM", "GRU", "SimpleRNN");

    private KerasParts() {}

    /** The parts of a layer; none for most. */
    static Map<String, KerasLayer> of(KerasLayer layer) {
        Map<String, KerasLayer> parts = new LinkedHashMap<>();
        if (ATTENTION.contains(layer.className())) {
            parts.put("query_dense", KerasLayer.part("EinsumDense", "query"));
            parts.put("key_dense", KerasLayer.part("EinsumDense", "key"));
            parts.put("value_dense", KerasLayer.part("EinsumDense", "value"));
            parts.put("output_dense", KerasLayer.part("EinsumDense", "attention_output"));
        } else if (layer.className().equals("Bidirectional")) {
            bidirectional(layer, parts);
        } else if (RECURRENT.contains(layer.className())) {
            String cell = layer.className() + "Cell";
            parts.put("cell", KerasLayer.part(cell, KerasClassNames.snake(cell)));
        } else if (layer.className().matches("ConvLSTM\\dD")) {
            parts.put("cell", KerasLayer.part("ConvLSTMCell", "conv_lstm_cell"));
        } else {
            KerasLayer.of(layer.config().get("cell")).ifPresent(cell -> parts.put("cell", cell));
            KerasLayer.of(layer.config().get("layer")).ifPresent(inner -> parts.put("layer", inner));
        }
        return parts;
    }

    /** One layer of the settings is made twice, unless they have another for the way back. */
    private static void bidirectional(KerasLayer layer, Map<String, KerasLayer> parts) {
        KerasLayer.of(layer.config().get("layer")).ifPresent(forward -> {
            String stem = forward.name().replaceFirst("^forward_", "");
            parts.put("forward_layer", forward.called("forward_" + stem));
            parts.put(
                    "backward_layer",
                    KerasLayer.of(layer.config().get("backward_layer")).orElse(forward.called("backward_" + stem)));
        });
    }
}
