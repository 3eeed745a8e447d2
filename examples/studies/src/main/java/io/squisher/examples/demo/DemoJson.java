package io.squisher.examples.demo;

import io.squisher.apps.cli.output.Json;
import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonPrimitive;

/** The results as a JSON document. */
final class DemoJson {
    private DemoJson() {}

    static JsonObject of(DemoResult result) {
        JsonObject document = new JsonObject();
        document.add("settings", settings(result.settings()));
        JsonObject accuracy = new JsonObject();
        for (Method method : Method.values()) {
            accuracy.add(method.label(), summary(result.test(method)));
        }
        document.add("test_accuracy_percent", accuracy);
        JsonObject better = new JsonObject();
        for (Method method : new Method[] {Method.FISHER, Method.SQUISHER}) {
            PairedTest test = result.overAverage(method);
            JsonObject difference = summary(test.difference());
            difference.add("p", Json.number(test.p()));
            better.add(method.label(), difference);
        }
        document.add("better_than_average_by_percent", better);
        JsonObject agreement = new JsonObject();
        for (String name : result.parameters()) {
            agreement.add(
                    name,
                    summary(result.ofModels(
                            model -> model.agreement().tensors().get(name).spearman())));
        }
        document.add("rank_correlation", agreement);
        document.add("cost_of_a_model", cost(result));
        document.add("seeds", seeds(result));
        return document;
    }

    private static JsonObject settings(DemoSettings settings) {
        JsonObject json = new JsonObject();
        json.addProperty("pretraining_steps", settings.pretrainingSteps());
        json.addProperty("steps", settings.steps());
        json.addProperty("learning_rate", settings.learningRate());
        json.addProperty("batch_size", DemoSettings.BATCH);
        json.addProperty("hidden", DemoSettings.HIDDEN);
        json.addProperty("softmax_classes", settings.classes().name().toLowerCase(java.util.Locale.ROOT));
        return json;
    }

    private static JsonObject cost(DemoResult result) {
        JsonObject json = new JsonObject();
        json.add(
                "fisher_seconds",
                median(result.ofModels(model -> model.files().cost().fisherSeconds())));
        json.add(
                "fisher_bytes",
                median(result.ofModels(model -> model.files().cost().fisherBytes())));
        json.add(
                "checkpoint_seconds",
                median(result.ofModels(model -> model.files().cost().checkpointSeconds())));
        json.add(
                "checkpoint_with_squisher_seconds",
                median(result.ofModels(model -> model.files().cost().checkpointWithSquisherSeconds())));
        json.add(
                "squisher_bytes",
                median(result.ofModels(model -> model.files().cost().squisherBytes())));
        return json;
    }

    private static JsonElement median(Sample sample) {
        return new JsonPrimitive(sample.median());
    }

    private static JsonObject summary(Sample sample) {
        JsonObject json = new JsonObject();
        json.add("mean", Json.number(sample.mean()));
        json.add("standard_error", Json.number(sample.standardError()));
        return json;
    }

    private static JsonArray seeds(DemoResult result) {
        JsonArray seeds = new JsonArray();
        for (SeedResult seed : result.seeds()) {
            JsonObject json = new JsonObject();
            json.addProperty("seed", seed.seed());
            json.addProperty("folder", seed.folder().toString());
            JsonArray tasks = new JsonArray();
            seed.models().forEach(model -> tasks.add(model.task().classes().toString()));
            json.add("classes", tasks);
            JsonObject test = new JsonObject();
            seed.test().forEach((method, accuracy) -> test.addProperty(method.label(), accuracy));
            json.add("test_accuracy_percent", test);
            seeds.add(json);
        }
        return seeds;
    }
}
