package io.squisher.report;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** Blocks of words. */
public final class Text {
    private Text() {}

    /** A paragraph. */
    public record Paragraph(String text) implements Block {
        @Override
        public String kind() {
            return "paragraph";
        }

        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("text", text);
            return json;
        }
    }

    /** A command line or the like, as it is. */
    public record Code(String text) implements Block {
        @Override
        public String kind() {
            return "code";
        }

        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("text", text);
            return json;
        }
    }

    /** Text that opens on demand: what a reader needs after the numbers, not before. */
    public record Details(String summary, List<String> paragraphs) implements Block {
        @Override
        public String kind() {
            return "details";
        }

        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("summary", summary);
            json.add("paragraphs", PageJson.texts(paragraphs));
            return json;
        }
    }

    /** Names with what they stand for. */
    public record Facts(Map<String, String> facts) implements Block {
        @Override
        public String kind() {
            return "facts";
        }

        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            JsonArray array = new JsonArray();
            facts.forEach((name, value) -> array.add(PageJson.texts(List.of(name, value))));
            json.add("facts", array);
            return json;
        }
    }
}
