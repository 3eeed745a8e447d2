package io.squisher.format.keras;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A layer as the settings describe it.
 *
 * @param className its class, without a package
 * @param name what the model calls it; empty if the settings do not say
 * @param config its own settings
 */
record KerasLayer(String className, String name, JsonObject config) {
    /** A layer inside another, of which the settings say nothing. */
    static KerasLayer part(String className, String name) {
        return new KerasLayer(className, name, new JsonObject());
    }

    /** The layer that an object of the settings describes; empty if it describes none. */
    static Optional<KerasLayer> of(JsonElement element) {
        if (element instanceof JsonObject layer && layer.get("config") instanceof JsonObject config) {
            return Optional.of(new KerasLayer(text(layer, "class_name"), text(config, "name"), config));
        }
        return Optional.empty();
    }

    /** The layers in a list of the settings. */
    static List<KerasLayer> list(JsonObject owner, String key) {
        List<KerasLayer> layers = new ArrayList<>();
        if (owner.get(key) instanceof JsonArray elements) {
            elements.forEach(element -> of(element).ifPresent(layers::add));
        }
        return layers;
    }

    /** The same layer under another name. */
    KerasLayer called(String other) {
        return new KerasLayer(className, other, config);
    }

    /** Whether it is a model, with layers of its own. */
    boolean isModel() {
        return config.get("layers") instanceof JsonArray;
    }

    /** Whether its settings keep it from being trained. */
    boolean isFrozen() {
        JsonElement trainable = config.get("trainable");
        return trainable != null && trainable.isJsonPrimitive() && !trainable.getAsBoolean();
    }

    private static String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }
}
