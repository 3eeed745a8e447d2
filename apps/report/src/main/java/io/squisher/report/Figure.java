package io.squisher.report;

import io.squisher.internal.gson.JsonObject;

/**
 * A picture that the page's script draws from numbers.
 *
 * @param kind which function draws it
 * @param id unique in the page; the name of exported files
 * @param title above it
 * @param alternative what it shows, in words, for whoever does not see it
 * @param data what the function takes
 */
public record Figure(String kind, String id, String title, String alternative, JsonObject data) implements Block {
    @Override
    public JsonObject json() {
        JsonObject json = data.deepCopy();
        json.addProperty("id", id);
        json.addProperty("title", title);
        json.addProperty("alternative", alternative);
        return json;
    }
}
