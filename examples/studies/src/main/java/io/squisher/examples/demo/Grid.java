package io.squisher.examples.demo;

import io.squisher.Counted;
import io.squisher.apps.cli.output.Console;
import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.report.Table;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/** Tries fine-tuning settings on validation images: the choice of the demo's defaults, repeatable. */
final class Grid {
    private static final List<Integer> STEPS = List.of(100, 300, 600);
    private static final List<Float> RATES = List.of(1e-3f, 3e-3f, 1e-2f);

    /** So that no seed of the report takes part. */
    private static final long FIRST_SEED = 1001;

    private Grid() {}

    static void run(SeedRuns runs, DemoSettings settings, int seeds, Path folder, Console console) {
        List<DemoResult> results = STEPS.stream()
                .flatMap(steps -> RATES.stream().map(rate -> settings.with(steps, rate)))
                .map(tried -> {
                    console.note(Counted.of(tried.steps(), "step") + ", learning rate " + tried.learningRate());
                    return runs.run(tried, LongStream.range(FIRST_SEED, FIRST_SEED + seeds), folder);
                })
                .toList();
        DemoResult best = results.stream()
                .max(Comparator.comparingDouble(
                        result -> result.validation(Method.AVERAGE).mean()))
                .orElseThrow();
        Table table = new Table("steps", "learning rate", "average", "Fisher", "Squisher", "");
        results.forEach(result -> table.row(
                Integer.toString(result.settings().steps()),
                Float.toString(result.settings().learningRate()),
                result.validation(Method.AVERAGE).text(1),
                result.validation(Method.FISHER).text(1),
                result.validation(Method.SQUISHER).text(1),
                result == best ? "best for averaging" : ""));
        console.print("Validation accuracy on all ten classes (%), " + Counted.of(seeds, "seed")
                + ", mean ± standard error:");
        table.lines().forEach(console::print);
        console.printJson(json(results));
    }

    private static JsonArray json(List<DemoResult> results) {
        JsonArray array = new JsonArray();
        for (DemoResult result : results) {
            JsonObject json = new JsonObject();
            json.addProperty("steps", result.settings().steps());
            json.addProperty("learning_rate", result.settings().learningRate());
            for (Method method : List.of(Method.AVERAGE, Method.FISHER, Method.SQUISHER)) {
                json.addProperty(method.label(), result.validation(method).mean());
            }
            array.add(json);
        }
        return array;
    }
}
