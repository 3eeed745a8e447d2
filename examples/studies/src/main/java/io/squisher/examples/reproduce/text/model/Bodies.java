package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Encoders without their heads: a model is a body, which tasks can share, and the head of one task. */
public final class Bodies {
    /** Finds the head's parameters. */
    public static final Pattern HEAD = Pattern.compile("^head\\.");

    /** Finds what a fine-tuned model and its encoder do not share: the head, and the encoder's pooler, which means do without. */
    public static final Pattern HEAD_OR_POOLER = Pattern.compile("^head\\.|^pooler\\.");

    /** Finds what is not pruned, nor compared: tables, of which a task sees few rows, vectors, and the head. */
    public static final Pattern BUT_LAYERS = Pattern.compile("^head\\.|embeddings|LayerNorm|bias|pooler");

    private Bodies() {}

    /** The names of a model's parameters but the head's. */
    public static List<String> names(WeightSource model) {
        return model.names().stream()
                .filter(name -> !HEAD.matcher(name).find())
                .filter(name -> model.role(name) == Role.PARAMETER
                        && model.tensor(name).type().isFloating())
                .toList();
    }

    /** What belongs to the body. */
    public static Map<String, Tensor> ofBody(Map<String, Tensor> tensors) {
        Map<String, Tensor> body = new LinkedHashMap<>(tensors);
        body.keySet().removeIf(name -> HEAD.matcher(name).find());
        return body;
    }

    /** Weights of the layers alone. */
    public static Map<String, Tensor> ofLayers(Map<String, Tensor> tensors) {
        Map<String, Tensor> layers = new LinkedHashMap<>(tensors);
        layers.keySet().removeIf(name -> BUT_LAYERS.matcher(name).find());
        return layers;
    }

    /** Writes one model's body under another's head. */
    public static Path underHead(Path body, Path head, Path target) {
        try (OpenFiles files = new OpenFiles()) {
            WeightSource from = files.weights(body);
            WeightSource template = files.weights(head);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            names(template).forEach(name -> tensors.put(name, from.tensor(name)));
            return OpenFiles.write(target, template, tensors, Map.of());
        }
    }
}
