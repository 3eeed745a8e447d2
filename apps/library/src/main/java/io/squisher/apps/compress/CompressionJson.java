package io.squisher.apps.compress;

import io.squisher.internal.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** A compression plan as JSON: what each method would choose, and for each layer its rank and what all ranks cost. */
public final class CompressionJson {
    private CompressionJson() {}

    /** What each method would choose: weights, expected loss, squared error, and the rank of each layer that is factorized. */
    public static JsonObject methods(CompressionPlan plan) {
        JsonObject methods = new JsonObject();
        plan.assignments().forEach((method, assignment) -> {
            JsonObject json = new JsonObject();
            json.addProperty("weights", assignment.weights());
            assignment.loss().ifPresent(loss -> json.addProperty("expected_loss", loss));
            json.addProperty("squared_error", assignment.error());
            JsonObject ranks = new JsonObject();
            assignment.chosen().forEach((name, rank) -> {
                if (!rank.isWhole()) {
                    ranks.addProperty(name, rank.rank());
                }
            });
            json.add("ranks", ranks);
            methods.add(Compression.word(method), json);
        });
        return methods;
    }

    /** The layers by the names of their matrices, and what ranks cost them by the method that was asked for. */
    public static JsonObject layers(CompressionPlan plan) {
        JsonObject layers = new JsonObject();
        for (LayerLosses layer : plan.layers()) {
            JsonObject json = new JsonObject();
            json.addProperty("inputs", layer.inputs());
            json.addProperty("outputs", layer.outputs());
            RankLoss chosen = plan.chosen().chosen().get(layer.name());
            if (!chosen.isWhole()) {
                json.addProperty("rank", chosen.rank());
            }
            json.addProperty("weights", chosen.weights());
            json.add("candidates", candidates(layer.losses(), plan.method()));
            layers.add(layer.name(), json);
        }
        return layers;
    }

    private static JsonObject candidates(Map<CompressionMethod, List<RankLoss>> losses, CompressionMethod method) {
        JsonObject candidates = new JsonObject();
        for (RankLoss rank : losses.get(method)) {
            if (!rank.isWhole()) {
                JsonObject json = new JsonObject();
                json.addProperty("weights", rank.weights());
                rank.loss().ifPresent(loss -> json.addProperty("expected_loss", loss));
                json.addProperty("squared_error", rank.error());
                candidates.add(Integer.toString(rank.rank()), json);
            }
        }
        return candidates;
    }
}
