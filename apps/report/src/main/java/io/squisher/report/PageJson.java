package io.squisher.report;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonNull;
import io.squisher.internal.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;

/** Values as JSON for pages: numbers in as many digits as a reader can use, since a page holds many. */
public final class PageJson {
    private static final MathContext DIGITS = new MathContext(5);

    private PageJson() {}

    public static JsonArray texts(Collection<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /** Five digits; null where a value is no number. */
    public static JsonElement number(double value) {
        if (!Double.isFinite(value)) {
            return JsonNull.INSTANCE;
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return new JsonPrimitive((long) value);
        }
        return new JsonPrimitive(new BigDecimal(value).round(DIGITS).doubleValue());
    }

    public static JsonArray numbers(double... values) {
        JsonArray array = new JsonArray();
        for (double value : values) {
            array.add(number(value));
        }
        return array;
    }

    public static JsonArray numbers(Collection<Double> values) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(number(value)));
        return array;
    }
}
