package io.squisher.apps.cli.command.ewc;

import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.ewc.Consolidation;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.apps.ewc.LambdaConvention;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonObject;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a consolidated penalty does: how firmly it holds, what it costs at known weights, lambda in other conventions. */
final class EwcReport {
    private final EwcPenalty penalty;
    private final List<EwcTask> tasks;
    private final Strength strength;
    private final Console console;
    private final Map<String, Double> values = new LinkedHashMap<>();
    private EwcPenalty.Extent extent;
    private double constant;

    EwcReport(EwcPenalty penalty, List<EwcTask> tasks, Strength strength, Console console) {
        this.penalty = penalty;
        this.tasks = tasks;
        this.strength = strength;
        this.console = console;
    }

    /**
     * Reads the whole penalty, which also finds what cannot be an entry of a Fisher before anything is written.
     *
     * @param options how the tasks became one penalty
     * @param at more weights at which the penalty is wanted
     */
    void measure(EwcOptions options, Optional<Path> at) {
        extent = penalty.extent();
        constant = strength.lambda() / 2 * Consolidation.spread(tasks, options, penalty);
        tasks.forEach(task -> evaluate(task.weights()));
        at.ifPresent(path -> {
            try (WeightSource weights = WeightFormats.open(path)) {
                evaluate(weights);
            }
        });
    }

    private void evaluate(WeightSource weights) {
        values.put(weights.path().toString(), constant + penalty.value(strength.lambda(), weights::tensor));
    }

    void print(Optional<Output> output) {
        JsonObject document = new JsonObject();
        output.ifPresent(path -> document.addProperty("output", path.toString()));
        document.addProperty("coordinates", extent.coordinates());
        document.add("trace", Json.number(extent.sum()));
        document.add("largest", Json.number(extent.largest()));
        console.print(output.map(file -> file.wrote() + ": ").orElse("") + extent.coordinates()
                + " coordinates are held; F sums to " + number(extent.sum()) + ", mean " + number(extent.mean())
                + ", largest " + number(extent.largest()));
        double lambda = strength.lambda();
        document.add("lambda_half_mean", Json.number(lambda));
        document.add("largest_curvature", Json.number(lambda * extent.largest()));
        console.print("effective penalty lambda/2 sum F (theta - theta*)^2 with lambda " + number(lambda)
                + ": curvature lambda F up to " + number(lambda * extent.largest()) + ", mean "
                + number(lambda * extent.mean()));
        JsonObject penalties = new JsonObject();
        values.forEach((file, value) -> {
            penalties.add(file, Json.number(value));
            console.print("penalty at " + file + ": " + number(value));
        });
        document.add("penalties", penalties);
        document.add("penalty_constant", Json.number(constant));
        if (constant > 0) {
            console.print("Of these, " + number(constant)
                    + " is the same everywhere: what the tasks' own penalties add up to at their common centre.");
        }
        document.add("lambda", conventions());
        console.printJson(document);
    }

    private JsonObject conventions() {
        TextTable table = new TextTable("penalty", "F is", "lambda");
        JsonObject json = new JsonObject();
        for (LambdaConvention convention : LambdaConvention.all()) {
            if (convention.isKnown(strength.examples(), strength.batch())) {
                double converted = convention.fromOurs(strength.lambda(), strength.examples(), strength.batch());
                table.row(
                        convention.half() ? "lambda/2 sum F d^2" : "lambda sum F d^2",
                        Values.spellConstant(convention.fisher()),
                        number(converted));
                json.addProperty(convention.toString(), converted);
            }
        }
        if (strength.given().isPresent()) {
            console.print("The same penalty in other conventions:");
            table.lines().forEach(console::print);
        }
        return json;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
