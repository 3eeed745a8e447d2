package io.squisher.apps.cli.output;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonNull;
import io.squisher.internal.gson.JsonPrimitive;
import io.squisher.tensor.Shape;
import java.util.Collection;

/** Values as JSON. */
public final class Json {
    private Json() {}

    public static JsonElement text(String value) {
        return new JsonPrimitive(value);
    }

    /** A number; null where it is not finite, for which JSON has no word. */
    public static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }

    public static JsonArray texts(Collection<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    public static JsonArray shape(Shape shape) {
        JsonArray array = new JsonArray();
        for (long dim : shape.dims()) {
            array.add(dim);
        }
        return array;
    }

    /** The value for people: text without quotes, everything else as JSON. */
    public static String plain(JsonElement value) {
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }
}
