package io.squisher.format.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names for the numbered variables of a {@code .weights.h5}, in the order of the model's layers where that is known.
 *
 * @param paths dataset by name: {@code dense_1/kernel} to {@code layers/dense/vars/0}
 * @param inOrder whether the names stand in the order of the model's variables: all weights are in layers of the list in
 *     the settings
 */
record KerasLayers(Map<String, String> paths, boolean inOrder, List<String> untrained) {
    private static final String VARS = "/vars/";

    static KerasLayers of(KerasFile file) {
        // Group of a layer to its variables by number.
        Map<String, TreeMap<Integer, String>> groups = new LinkedHashMap<>();
        for (String path : file.weights().tensors().keySet()) {
            int at = path.lastIndexOf(VARS);
            String number = at < 0 ? "" : path.substring(at + VARS.length());
            if (at > 0 && !path.startsWith("optimizer/") && number.matches("\\d{1,6}")) {
                groups.computeIfAbsent(path.substring(0, at), g -> new TreeMap<>())
                        .put(Integer.valueOf(number), path);
            }
        }
        Map<String, String> layerOfGroup = new HashMap<>();
        for (String group : groups.keySet()) {
            file.weights().attribute(group + "/vars", "name").ifPresent(name -> layerOfGroup.put(group, name));
        }
        List<JsonObject> layers = layers(file.config());
        List<String> ordered = new ArrayList<>();
        List<String> untrained = new ArrayList<>();
        for (JsonObject layer : layers) {
            String name = layerName(layer);
            for (String group : groups.keySet()) {
                if (group.matches("layers/[^/]+") && name.equals(layerOfGroup.get(group))) {
                    ordered.add(group);
                    if (isFrozen(layer)) {
                        untrained.add(group);
                    }
                }
            }
        }
        boolean all = ordered.containsAll(groups.keySet()) && ordered.size() == groups.size();
        groups.keySet().stream().filter(group -> !ordered.contains(group)).forEach(ordered::add);
        Map<String, String> paths = new LinkedHashMap<>();
        List<String> untrainedNames = new ArrayList<>();
        for (String group : ordered) {
            List<String> roles = roles(group, groups.get(group).size());
            int i = 0;
            for (String path : groups.get(group).values()) {
                String name = layerName(group, layerOfGroup) + "/" + roles.get(i++);
                paths.put(name, path);
                if (untrained.contains(group) || name.endsWith("moving_mean") || name.endsWith("moving_variance")) {
                    untrainedNames.add(name);
                }
            }
        }
        return new KerasLayers(paths, all, untrainedNames);
    }

    private static List<JsonObject> layers(Optional<JsonObject> config) {
        List<JsonObject> layers = new ArrayList<>();
        JsonObject model = config.map(json -> KerasFile.object(json, "config")).orElse(null);
        JsonElement list = model == null ? null : model.get("layers");
        if (list instanceof JsonArray array) {
            array.forEach(layer -> {
                if (layer instanceof JsonObject object) {
                    layers.add(object);
                }
            });
        }
        return layers;
    }

    private static String layerName(JsonObject layer) {
        JsonObject config = KerasFile.object(layer, "config");
        JsonElement name = config == null ? null : config.get("name");
        return name != null && name.isJsonPrimitive() ? name.getAsString() : "";
    }

    private static boolean isFrozen(JsonObject layer) {
        JsonObject config = KerasFile.object(layer, "config");
        JsonElement trainable = config == null ? null : config.get("trainable");
        return trainable != null && trainable.isJsonPrimitive() && !trainable.getAsBoolean();
    }

    /** A layer's own name; a layer inside another is called by its way there. */
    private static String layerName(String group, Map<String, String> layerOfGroup) {
        String name = layerOfGroup.get(group);
        if (group.matches("layers/[^/]+") && name != null) {
            return name;
        }
        String outer = group.replaceFirst("^(layers/[^/]+)(/.*)?$", "$1");
        return layerOfGroup.getOrDefault(outer, outer) + group.substring(Math.min(group.length(), outer.length()));
    }

    /** What Keras calls the variables of its usual layers; numbers for others. */
    private static List<String> roles(String group, int count) {
        String kind = group.substring(group.lastIndexOf('/') + 1);
        List<String> known = List.of();
        if (kind.matches(
                "(dense|conv\\d?d|conv\\dd_transpose|.*_dense|depthwise_conv\\dd|output|query|key|value)(_\\d+)?")) {
            known = List.of("kernel", "bias");
        } else if (kind.startsWith("batch_normalization")) {
            known = List.of("gamma", "beta", "moving_mean", "moving_variance");
        } else if (kind.startsWith("layer_normalization")) {
            known = List.of("gamma", "beta");
        } else if (kind.startsWith("embedding")) {
            known = List.of("embeddings");
        }
        List<String> roles = new ArrayList<>();
        boolean fits = count == known.size() || count < known.size() && known.size() == 2;
        for (int i = 0; i < count; i++) {
            roles.add(fits ? known.get(i) : Integer.toString(i));
        }
        return roles;
    }
}
