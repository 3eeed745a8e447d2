package io.squisher.examples.reproduce.report;

import io.squisher.apps.cli.output.Json;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import java.util.List;

/** All results as a JSON document. */
public final class ReproduceJson {
    private ReproduceJson() {}

    public static JsonObject of(List<Summary> summaries) {
        JsonObject document = new JsonObject();
        summaries.forEach(summary -> document.add(summary.setting().name(), setting(summary)));
        return document;
    }

    private static JsonObject setting(Summary summary) {
        JsonObject json = new JsonObject();
        json.add("hyperparameters", tree(summary.setting().hyperparameters()));
        JsonObject parts = new JsonObject();
        for (Part part : summary.setting().parts()) {
            parts.add(part.name(), part(summary, part));
        }
        json.add("parts", parts);
        json.add("choice", tree(summary.results().choice()));
        json.add("seeds", tree(summary.results().seeds()));
        return json;
    }

    private static JsonObject part(Summary summary, Part part) {
        JsonObject json = new JsonObject();
        String baseline = summary.setting().panel().baseline();
        for (String method : summary.methods(part)) {
            JsonObject numbers = summary(summary.mean(part, method));
            numbers.add("over_baseline", test(summary.difference(part, method, baseline)));
            json.add(method, numbers);
        }
        json.add("Squisher minus Fisher", test(summary.difference(part, Methods.SQUISHER, Methods.FISHER)));
        return json;
    }

    private static JsonObject test(PairedTest test) {
        JsonObject json = summary(test.difference());
        json.add("p", Json.number(test.p()));
        return json;
    }

    private static JsonObject summary(Sample sample) {
        JsonObject json = new JsonObject();
        json.add("mean", Json.number(sample.mean()));
        json.add("standard_error", Json.number(sample.standardError()));
        return json;
    }

    /** Records as JSON; numbers that are none, as strings. */
    private static JsonElement tree(Object value) {
        return new GsonBuilder().serializeSpecialFloatingPointValues().create().toJsonTree(value);
    }
}
