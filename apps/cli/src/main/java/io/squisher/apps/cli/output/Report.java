package io.squisher.apps.cli.output;

import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.internal.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a command that writes tells, for people and as a JSON document: warnings, what it planned, one line of what it did, and
 * details.
 */
public final class Report {
    private final Supplier<String> headline;
    private final List<String> planned = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private final JsonObject document = new JsonObject();
    private List<String> warnings = List.of();
    private Supplier<Optional<String>> written = Optional::empty;

    private Report(Supplier<String> headline) {
        this.headline = headline;
    }

    /** A report whose one line is {@code headline}, without the file's name and without a full stop. */
    public static Report of(String headline) {
        return new Report(() -> headline);
    }

    /** As {@link #of}, with a line that is known after the writing. */
    public static Report after(Supplier<String> headline) {
        return new Report(headline);
    }

    /** What was written, where that is not just the output; asked after the writing. */
    public Report written(Supplier<Optional<String>> words) {
        written = words;
        return this;
    }

    /** Lines that are printed before anything is written. */
    public Report planned(List<String> lines) {
        planned.addAll(lines);
        return this;
    }

    /** Lines that are printed after the headline. */
    public Report details(List<String> lines) {
        details.addAll(lines);
        return this;
    }

    /** Warnings, which are fields of the document too. */
    public Report warnings(List<String> lines) {
        warnings = lines;
        document.add("warnings", Json.texts(lines));
        return this;
    }

    /** All of an object's fields. */
    public Report fields(JsonObject fields) {
        fields.entrySet().forEach(field -> document.add(field.getKey(), field.getValue()));
        return this;
    }

    public Report field(String name, JsonElement value) {
        document.add(name, value);
        return this;
    }

    public Report field(String name, String value) {
        return field(name, new JsonPrimitive(value));
    }

    public Report field(String name, long value) {
        return field(name, new JsonPrimitive(value));
    }

    /** The metadata of the file that is written, as fields: {@code squisher.merge} is called {@code merge}. */
    public Report metadata(Map<String, String> metadata) {
        metadata.forEach(
                (key, value) -> document.add(key.substring(key.indexOf('.') + 1), JsonParser.parseString(value)));
        return this;
    }

    public List<String> warnings() {
        return warnings;
    }

    public List<String> planned() {
        return planned;
    }

    /** What was written, if it is not just the output. */
    public Optional<String> written() {
        return written.get();
    }

    public String headline() {
        return headline.get();
    }

    public List<String> details() {
        return details;
    }

    /** All fields, and where the result is if it was written. */
    public JsonObject document(Optional<String> output) {
        JsonObject whole = new JsonObject();
        output.ifPresent(path -> whole.addProperty("output", path));
        document.entrySet().forEach(field -> whole.add(field.getKey(), field.getValue()));
        return whole;
    }
}
