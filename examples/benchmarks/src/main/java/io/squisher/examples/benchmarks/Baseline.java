package io.squisher.examples.benchmarks;

import io.squisher.SquisherException;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The figures of some benchmarks, by the benchmark's word: what {@code squisher benchmark --json} prints. */
record Baseline(Map<String, Map<String, Figure>> figures) {
    private static final String BENCHMARKS = "benchmarks";

    /**
     * Reads a file.
     *
     * @throws SquisherException if it cannot be read, or is not what {@code squisher benchmark --json} prints
     */
    static Baseline read(Path file) {
        try {
            JsonElement document = JsonParser.parseString(Files.readString(file));
            Map<String, Map<String, Figure>> figures = new LinkedHashMap<>();
            document.getAsJsonObject().getAsJsonObject(BENCHMARKS).entrySet().forEach(benchmark -> {
                Map<String, Figure> ofOne = new LinkedHashMap<>();
                benchmark
                        .getValue()
                        .getAsJsonObject()
                        .entrySet()
                        .forEach(figure -> ofOne.put(
                                figure.getKey(),
                                Figure.fromJson(
                                        figure.getKey(), figure.getValue().getAsJsonArray())));
                figures.put(benchmark.getKey(), ofOne);
            });
            return new Baseline(figures);
        } catch (IOException e) {
            throw new SquisherException("cannot read the baseline '" + file + "': " + e.getMessage(), e);
        } catch (JsonParseException
                | IllegalStateException
                | ClassCastException
                | NullPointerException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw new SquisherException(
                    "'" + file + "' is no baseline: expected the JSON that 'squisher benchmark --json' prints", e);
        }
    }

    Optional<Figure> figure(String benchmark, String name) {
        return Optional.ofNullable(figures.getOrDefault(benchmark, Map.of()).get(name));
    }

    JsonObject toJson() {
        JsonObject all = new JsonObject();
        figures.forEach((benchmark, ofOne) -> {
            JsonObject json = new JsonObject();
            ofOne.forEach((name, figure) -> json.add(name, figure.toJson()));
            all.add(benchmark, json);
        });
        JsonObject document = new JsonObject();
        document.add(BENCHMARKS, all);
        return document;
    }
}
