package io.squisher.format.keras;

import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the groups of a {@code .weights.h5}, which are sorted by name, into the order in which the model made their variables:
 * that of the layers in its settings, and inside a layer that is a model of its own that of its layers.
 */
final class KerasLayerOrder {
    /**
     * A group of variables.
     *
     * @param kind the class of its layer, in snake case
     * @param settings of its layer, where the file has them
     * @param isFrozen whether its layer is not trained
     */
    record Place(String kind, Optional<JsonObject> settings, boolean isFrozen) {}

    private final KerasGroups groups;
    private final Map<String, String> names;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private boolean proven = true;

    private KerasLayerOrder(KerasGroups groups) {
        this.groups = groups;
        this.names = new HashMap<>(groups.names());
    }

    /**
     * The order.
     *
     * @param config the file's settings, where it has them
     */
    static KerasLayerOrder of(KerasGroups groups, Optional<JsonObject> config) {
        KerasLayerOrder order = new KerasLayerOrder(groups);
        config.map(json -> KerasFile.object(json, "config")).ifPresent(model -> order.model("", model, false));
        for (String group : groups.holders()) {
            // The states of random generators and of metrics are no variables that an optimizer would know.
            order.proven &=
                    order.places.containsKey(group) || KerasRoles.isRandomState(group) || KerasRoles.isMetric(group);
            order.places.putIfAbsent(group, new Place(order.kind(group), Optional.empty(), false));
        }
        return order;
    }

    /** A layer in a wrapper is called by the attribute that holds it, and by its own name, which mostly stems from its class. */
    private String kind(String group) {
        String last = KerasRoles.last(group);
        return last.equals("layer") ? names.getOrDefault(group, last) : last;
    }

    /** All groups that hold variables, those of no known place last. */
    Map<String, Place> places() {
        return places;
    }

    /** What the model calls the layer of a group; those on the way too. */
    Map<String, String> names() {
        return names;
    }

    /** Whether every group has its place. */
    boolean isProven() {
        return proven;
    }

    private void model(String prefix, JsonObject model, boolean isFrozen) {
        layers(
                prefix,
                KerasLayer.list(model, "layers"),
                List.of("_layer_checkpoint_dependencies/", "layers/"),
                isFrozen);
    }

    private void layers(String prefix, List<KerasLayer> layers, List<String> containers, boolean isFrozen) {
        Optional<String> container = containers.stream()
                .map(prefix::concat)
                .filter(path -> !groups.in(path).isEmpty())
                .findFirst();
        if (container.isPresent()) {
            KerasGroups.Found found = groups.find(container.get(), layers);
            proven &= found.isUnique();
            found.groups().forEach((i, group) -> {
                KerasLayer layer = layers.get(i);
                names.putIfAbsent(group, layer.name());
                layer(group, layer, isFrozen || layer.isFrozen());
            });
        }
    }

    private void layer(String group, KerasLayer layer, boolean isFrozen) {
        if (layer.isModel()) {
            model(group + "/", layer.config(), isFrozen);
            return;
        }
        List<String> inside = new ArrayList<>(groups.holders().stream()
                .filter(other -> other.equals(group) || other.startsWith(group + "/"))
                .filter(other -> !KerasRoles.isRandomState(other))
                .toList());
        if (inside.remove(group)) {
            place(group, layer, isFrozen);
        }
        boolean isAlone = inside.size() == 1 && !places.containsKey(group);
        layers(group + "/", KerasLayer.list(layer.config(), "cells"), List.of("cells/"), isFrozen);
        KerasParts.of(layer).forEach((attribute, part) -> {
            for (String path : List.of(group + "/" + attribute, group + "/_" + attribute)) {
                if (groups.all().contains(path)) {
                    names.putIfAbsent(path, part.name());
                    layer(path, part, isFrozen || part.isFrozen());
                }
            }
        });
        inside.removeAll(places.keySet());
        proven &= inside.isEmpty() || isAlone;
        for (String unknown : inside) {
            names.putIfAbsent(unknown, KerasRoles.last(unknown).replaceFirst("^_", ""));
            places.put(unknown, new Place(KerasRoles.last(unknown), Optional.empty(), isFrozen));
        }
    }

    private void place(String group, KerasLayer layer, boolean isFrozen) {
        places.put(group, new Place(KerasClassNames.snake(layer.className()), Optional.of(layer.config()), isFrozen));
    }

    /** Adds the names of all layers that are not trained, those inside others too. */
    static void frozen(JsonObject model, boolean isFrozen, Set<String> names) {
        for (KerasLayer layer : KerasLayer.list(model, "layers")) {
            if (isFrozen || layer.isFrozen()) {
                names.add(layer.name());
            }
            frozen(layer.config(), isFrozen || layer.isFrozen(), names);
        }
    }
}
