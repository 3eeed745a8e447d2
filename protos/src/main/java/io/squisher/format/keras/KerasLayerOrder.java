package io.squisher.format.keras;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the groups of a {@code .weights.h5}, which are sorted by name, into the order in which the model made their variables:
 * that of the layers in its settings, and inside a layer that is a model of its own that of its layers.
 */
final class KerasLayerOrder {
    /** Layers that make variables in several groups, and in which order. */
    private static final List<String> ATTENTION = List.of("query_dense", "key_dense", "value_dense", "output_dense");

    private static final Map<String, List<String>> PARTS = Map.of(
            "Bidirectional", List.of("forward_layer", "backward_layer"),
            "MultiHeadAttention", ATTENTION,
            "GroupQueryAttention", ATTENTION,
            "GroupedQueryAttention", ATTENTION);

    private final Set<String> all;
    private final Map<String, String> layerOfGroup;
    private final Set<String> ordered = new LinkedHashSet<>();
    private final Set<String> frozen = new HashSet<>();
    private final Map<String, JsonObject> settings = new HashMap<>();
    private boolean proven = true;

    private KerasLayerOrder(Set<String> all, Map<String, String> layerOfGroup) {
        this.all = all;
        this.layerOfGroup = layerOfGroup;
    }

    /**
     * The order.
     *
     * @param groups those that hold variables
     * @param layerOfGroup what the model calls the layer of a group, those on the way too
     * @param config the file's settings, where it has them
     */
    static KerasLayerOrder of(Set<String> groups, Map<String, String> layerOfGroup, Optional<JsonObject> config) {
        KerasLayerOrder order = new KerasLayerOrder(groups, layerOfGroup);
        config.map(json -> KerasFile.object(json, "config")).ifPresent(model -> order.model("", model, false));
        // The states of random generators are no variables that an optimizer would know.
        Collection<String> rest =
                groups.stream().filter(group -> !order.ordered.contains(group)).toList();
        order.proven &= rest.stream().allMatch(KerasRoles::isRandomState);
        order.ordered.addAll(rest);
        return order;
    }

    /** All groups, those of no known place last. */
    List<String> groups() {
        return List.copyOf(ordered);
    }

    /** Groups of layers that are not trained. */
    Set<String> frozen() {
        return frozen;
    }

    /** The settings of the layers that are a group. */
    Map<String, JsonObject> settings() {
        return settings;
    }

    /** Whether every group has its place. */
    boolean isProven() {
        return proven;
    }

    private void model(String prefix, JsonObject model, boolean isFrozen) {
        if (model.get("layers") instanceof JsonArray layers) {
            for (JsonElement element : layers) {
                if (element instanceof JsonObject layer && layer.get("config") instanceof JsonObject own) {
                    layer(prefix, layer, own, isFrozen || isFrozen(own));
                }
            }
        }
    }

    private void layer(String prefix, JsonObject layer, JsonObject own, boolean isFrozen) {
        Set<String> candidates = new HashSet<>();
        layerOfGroup.forEach((group, name) -> {
            if (name.equals(text(own, "name"))
                    && group.matches(java.util.regex.Pattern.quote(prefix) + "layers/[^/]+")) {
                candidates.add(group);
            }
        });
        proven &= candidates.size() < 2;
        for (String group : candidates) {
            if (own.get("layers") instanceof JsonArray) {
                model(group + "/", own, isFrozen);
            } else {
                leaf(group, text(layer, "class_name"), own, isFrozen);
            }
        }
    }

    private void leaf(String group, String className, JsonObject own, boolean isFrozen) {
        List<String> inside = new ArrayList<>(all.stream()
                .filter(other -> other.equals(group) || other.startsWith(group + "/"))
                .filter(other -> !KerasRoles.isRandomState(other))
                .toList());
        if (inside.size() > 1) {
            List<String> parts = PARTS.getOrDefault(className, List.of());
            List<String> of = inside.stream()
                    .map(other -> other.substring(Math.min(other.length(), group.length() + 1))
                            .replaceFirst("/.*", "")
                            .replaceFirst("^_", ""))
                    .toList();
            proven &= parts.containsAll(of) && Set.copyOf(of).size() == of.size();
            Map<String, Integer> places = new HashMap<>();
            inside.forEach(other -> places.put(other, parts.indexOf(of.get(places.size()))));
            inside.sort(Comparator.comparing(places::get));
        }
        settings.put(group, own);
        ordered.addAll(inside);
        if (isFrozen) {
            frozen.addAll(inside);
        }
    }

    /** Whether a layer's settings keep it from being trained. */
    static boolean isFrozen(JsonObject own) {
        JsonElement trainable = own.get("trainable");
        return trainable != null && trainable.isJsonPrimitive() && !trainable.getAsBoolean();
    }

    /** Adds the names of all layers that are not trained, those inside others too. */
    static void frozen(JsonObject model, boolean isFrozen, Set<String> names) {
        if (model.get("layers") instanceof JsonArray layers) {
            for (JsonElement element : layers) {
                if (element instanceof JsonObject layer && layer.get("config") instanceof JsonObject own) {
                    if (isFrozen || isFrozen(own)) {
                        names.add(text(own, "name"));
                    }
                    frozen(own, isFrozen || isFrozen(own), names);
                }
            }
        }
    }

    private static String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }
}
