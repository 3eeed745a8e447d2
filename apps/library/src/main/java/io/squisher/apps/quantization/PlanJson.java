package io.squisher.apps.quantization;

import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A precision plan as JSON: what was asked, what each method would choose, and for each tensor its format and what all formats
 * cost. {@link #read} takes tensors, formats and channel axes alone, so that a plan may be written or changed by hand.
 */
public final class PlanJson {
    /** The first key of a plan, by which it is known. */
    public static final String KEY = "squisher_plan";

    private static final String KIND = "quantization";

    private PlanJson() {}

    /** A constant as it is written. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Writes a plan.
     *
     * @param budget bits a weight that were asked for
     * @param rows channels in a run for which the loss is given as well; none for none
     */
    public static JsonObject of(PrecisionPlan plan, double budget, OptionalInt rows) {
        JsonObject json = new JsonObject();
        json.addProperty(KEY, KIND);
        json.addProperty("tool_version", Version.text());
        json.addProperty("method", word(plan.method()));
        plan.variant().forEach(json::addProperty);
        json.addProperty("weights_hash", plan.weightsHash());
        json.addProperty("weights", plan.weights());
        json.addProperty("budget_bits_per_weight", budget);
        json.addProperty("size_unit_bits", plan.chosen().unit());
        json.add("methods", methods(plan));
        rows.ifPresent(channels -> json.addProperty("row_group_channels", channels));
        JsonObject tensors = new JsonObject();
        plan.tensors()
                .forEach(tensor -> tensors.add(
                        tensor.name(), tensor(tensor, plan.chosen().chosen().get(tensor.name()), rows)));
        json.add("tensors", tensors);
        return json;
    }

    /** What each method would choose: bits, expected loss, squared error, and how many tensors get which format. */
    public static JsonObject methods(PrecisionPlan plan) {
        JsonObject methods = new JsonObject();
        plan.assignments().forEach((method, assignment) -> {
            JsonObject json = new JsonObject();
            json.addProperty("bits", assignment.bits());
            json.addProperty("bits_per_weight", plan.bitsPerWeight(assignment));
            json.addProperty("expected_loss", assignment.loss());
            json.addProperty("squared_error", assignment.error());
            JsonObject formats = new JsonObject();
            assignment.formats().forEach(formats::addProperty);
            json.add("formats", formats);
            methods.add(word(method), json);
        });
        return methods;
    }

    private static JsonObject tensor(TensorLosses tensor, CandidateLoss chosen, OptionalInt rows) {
        JsonObject json = new JsonObject();
        json.addProperty("format", chosen.candidate().name());
        json.addProperty("channel_axis", tensor.channelAxis());
        JsonArray shape = new JsonArray();
        for (long dim : tensor.spec().shape().dims()) {
            shape.add(dim);
        }
        json.add("shape", shape);
        JsonObject candidates = new JsonObject();
        tensor.losses().forEach(loss -> candidates.add(loss.candidate().name(), candidate(loss, rows)));
        json.add("candidates", candidates);
        return json;
    }

    /** JSON has no word for infinity: a format that cannot hold the tensor has no loss. */
    private static JsonObject candidate(CandidateLoss loss, OptionalInt rows) {
        JsonObject json = new JsonObject();
        json.addProperty("bits", loss.bits());
        if (loss.loss() <= Double.MAX_VALUE) {
            json.addProperty("expected_loss", loss.loss());
            json.addProperty("squared_error", loss.error());
            rows.ifPresent(channels -> {
                JsonArray array = new JsonArray();
                for (double row : loss.lossByRows(channels)) {
                    array.add(row);
                }
                json.add("expected_loss_of_rows", array);
            });
        }
        return json;
    }

    /**
     * Reads a plan.
     *
     * @param label of the file, for messages
     * @throws SquisherException if the text is no plan, or names a format that there is not
     */
    public static QuantizationPlan read(String label, String text) {
        try {
            JsonElement parsed = JsonParser.parseString(text);
            if (!parsed.isJsonObject()
                    || !parsed.getAsJsonObject().has(KEY)
                    || !parsed.getAsJsonObject().get(KEY).getAsString().equals(KIND)) {
                throw new SquisherException(
                        "'" + label + "' is no quantization plan; 'squisher sensitivity' writes one");
            }
            return plan(label, parsed.getAsJsonObject());
        } catch (JsonParseException
                | ClassCastException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException e) {
            // Their own messages name classes of Java.
            String why =
                    e instanceof JsonParseException ? "it is no JSON" : "a value is of another type than in a plan";
            throw new SquisherException(
                    "'" + label + "' is no quantization plan: " + why + "; 'squisher sensitivity' writes one", e);
        }
    }

    private static QuantizationPlan plan(String label, JsonObject json) {
        Map<String, PlannedTensor> tensors = new LinkedHashMap<>();
        if (!json.has("tensors") || json.getAsJsonObject("tensors").entrySet().isEmpty()) {
            throw new SquisherException("the plan '" + label + "' names no tensors");
        }
        for (Map.Entry<String, JsonElement> entry :
                json.getAsJsonObject("tensors").entrySet()) {
            JsonObject tensor = entry.getValue().getAsJsonObject();
            if (!tensor.has("format")) {
                throw new SquisherException("the plan '" + label + "' names no format for '" + entry.getKey() + "'");
            }
            tensors.put(entry.getKey(), planned(label, entry.getKey(), tensor));
        }
        Map<String, String> origin = new TreeMap<>();
        for (String key : new String[] {"method", "fisher", "fisher_kind", "scale", "budget_bits_per_weight"}) {
            if (json.has(key)) {
                origin.put(key, json.get(key).getAsString());
            }
        }
        Optional<String> hash = Optional.ofNullable(json.get("weights_hash")).map(JsonElement::getAsString);
        return new QuantizationPlan(tensors, hash, origin);
    }

    private static PlannedTensor planned(String label, String name, JsonObject tensor) {
        try {
            int axis = tensor.has("channel_axis") ? tensor.get("channel_axis").getAsInt() : 0;
            return new PlannedTensor(Candidate.of(tensor.get("format").getAsString()), axis);
        } catch (SquisherException e) {
            throw new SquisherException("the plan '" + label + "', tensor '" + name + "': " + e.getMessage(), e);
        }
    }
}
