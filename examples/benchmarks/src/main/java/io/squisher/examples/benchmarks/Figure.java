package io.squisher.examples.benchmarks;

import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A number of a benchmark in each of several runs.
 *
 * @param name where it stands in the benchmark's JSON: {@code M3/ratio}
 */
record Figure(String name, List<Double> runs) {
    /** Runs of one program on a machine that does something else as well differ by so much, however few were made. */
    private static final double LEAST_NOISE = 0.1;

    private static final List<String> LESS_IS_BETTER =
            List.of("_ms", "ratio", "_mb", "_ratio", "seconds_to_first_batch", "_per_example");
    private static final List<String> MORE_IS_BETTER = List.of("share_of_the_copys_speed");

    /** By name, the numbers of some runs that all have. */
    static Map<String, Figure> of(List<JsonElement> runs) {
        Map<String, List<Double>> found = new LinkedHashMap<>();
        runs.forEach(run -> collect("", run, found));
        Map<String, Figure> figures = new LinkedHashMap<>();
        found.forEach((name, values) -> {
            if (values.size() == runs.size()) {
                figures.put(name, new Figure(name, values));
            }
        });
        return figures;
    }

    private static void collect(String prefix, JsonElement element, Map<String, List<Double>> found) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(part -> collect(prefix, part, found));
        } else if (element.isJsonObject()) {
            JsonObject object = element.getAsJsonObject();
            String inside = Optional.ofNullable(object.get("model"))
                    .map(model -> prefix + model.getAsString() + "/")
                    .orElse(prefix);
            object.entrySet().forEach(entry -> {
                JsonElement value = entry.getValue();
                if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
                    found.computeIfAbsent(inside + entry.getKey(), missing -> new ArrayList<>())
                            .add(value.getAsDouble());
                } else if (!value.isJsonPrimitive()) {
                    collect(inside + entry.getKey() + "/", value, found);
                }
            });
        }
    }

    static Figure fromJson(String name, JsonArray runs) {
        List<Double> values = new ArrayList<>();
        runs.forEach(run -> values.add(run.getAsDouble()));
        return new Figure(name, values);
    }

    JsonArray toJson() {
        JsonArray array = new JsonArray();
        runs.forEach(run -> array.add(new JsonPrimitive(run)));
        return array;
    }

    double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** How far apart the runs are, as a share of their median; at least a tenth. */
    double noise() {
        double[] sorted = sorted();
        return Math.max(LEAST_NOISE, (sorted[sorted.length - 1] - sorted[0]) / Math.abs(median()));
    }

    private double[] sorted() {
        double[] sorted = runs.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Whether it tells how good something is: sizes and counts do not. */
    boolean isJudged() {
        return LESS_IS_BETTER.stream().anyMatch(name::endsWith) || isSpeed();
    }

    private boolean isSpeed() {
        return MORE_IS_BETTER.stream().anyMatch(name::endsWith);
    }

    /** By what factor it is worse than before; below 1 where it is better. */
    double worseThan(Figure before) {
        return isSpeed() ? before.median() / median() : median() / before.median();
    }

    /** Whether it is worse by more than its own runs and those before are apart. */
    boolean isWorseThan(Figure before) {
        return isJudged() && worseThan(before) > 1 + Math.max(noise(), before.noise());
    }
}
