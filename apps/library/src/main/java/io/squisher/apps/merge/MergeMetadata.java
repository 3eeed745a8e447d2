package io.squisher.apps.merge;

import io.squisher.Version;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a merged model says about how it came to be. */
final class MergeMetadata {
    /** Metadata key; the value is a JSON object. */
    static final String KEY = "squisher.merge";

    private MergeMetadata() {}

    static Map<String, String> of(
            List<MergeInput> models, MergeMethod method, MergeOptions options, List<String> remarks) {
        JsonObject json = new JsonObject();
        json.addProperty("method", method.name());
        method.variant().forEach(json::addProperty);
        options.exclude().ifPresent(pattern -> {
            json.addProperty("exclude", pattern.pattern());
            json.addProperty("excluded", options.excluded().name().toLowerCase(Locale.ROOT));
        });
        JsonArray inputs = new JsonArray();
        for (int i = 0; i < models.size(); i++) {
            inputs.add(describe(models.get(i), remarks.get(i)));
        }
        json.add("models", inputs);
        json.addProperty("tool_version", Version.text());
        return Map.of(KEY, json.toString());
    }

    private static JsonObject describe(MergeInput model, String remark) {
        JsonObject json = new JsonObject();
        json.addProperty("file", model.weights().path().getFileName().toString());
        json.addProperty(
                "weight_from",
                model.share().origin().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        if (model.share().rules().size() == 1) {
            json.addProperty("weight", model.share().rules().get(0).value());
        } else {
            json.addProperty("weight", model.share().toString());
        }
        model.fisher().ifPresent(fisher -> {
            json.addProperty("fisher", fisher.fileName());
            json.addProperty("fisher_kind", fisher.kind());
            json.addProperty("fisher_used", remark);
        });
        return json;
    }
}
