package io.squisher.examples.reproduce.text.report;

import io.squisher.apps.cli.output.Json;
import io.squisher.examples.report.Estimates;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.statistics.Comparison;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.report.Figures.Estimate;
import java.util.List;

/** The results as a JSON document: means, differences with intervals, and corrected probabilities. */
final class TextJson {
    private TextJson() {}

    static JsonObject of(List<TextSummary> summaries) {
        JsonObject document = new JsonObject();
        summaries.stream()
                .filter(summary -> !summary.parts().isEmpty())
                .forEach(summary -> document.add(summary.setting().name(), setting(summary)));
        return document;
    }

    private static JsonObject setting(TextSummary summary) {
        JsonObject json = new JsonObject();
        json.addProperty("title", summary.setting().title());
        json.addProperty("how", summary.setting().words());
        json.addProperty("seeds", summary.seeds());
        json.addProperty("seconds", summary.seconds());
        JsonObject parts = new JsonObject();
        summary.parts().forEach(part -> parts.add(part.name(), part(summary, part)));
        json.add("parts", parts);
        JsonArray comparisons = new JsonArray();
        summary.comparisons().forEach(comparison -> comparisons.add(comparison(comparison)));
        json.add("comparisons", comparisons);
        return json;
    }

    private static JsonObject part(TextSummary summary, TextPart part) {
        JsonObject json = new JsonObject();
        json.addProperty("metric", part.metric());
        for (String method : summary.methods(part)) {
            JsonObject numbers = estimate(Estimates.of(summary.mean(part, method), 2));
            if (!part.axis().isEmpty()) {
                JsonObject places = new JsonObject();
                summary.places(part, method)
                        .forEach(x ->
                                places.add(Double.toString(x), estimate(Estimates.of(summary.at(part, method, x), 2))));
                numbers.add("at", places);
            }
            json.add(method, numbers);
        }
        return json;
    }

    private static JsonObject comparison(Comparison<TextPart> comparison) {
        JsonObject json = new JsonObject();
        json.addProperty("part", comparison.part().name());
        json.addProperty("method", comparison.method());
        json.addProperty("over", comparison.other());
        json.add("difference", estimate(Estimates.of(comparison.test().difference(), 2)));
        json.add("p", Json.number(comparison.test().p()));
        json.add("p_holm", Json.number(comparison.p()));
        json.addProperty("n", comparison.observations());
        return json;
    }

    private static JsonObject estimate(Estimate estimate) {
        JsonObject json = new JsonObject();
        json.add("mean", Json.number(estimate.mean()));
        json.add("low", Json.number(estimate.low()));
        json.add("high", Json.number(estimate.high()));
        return json;
    }
}
