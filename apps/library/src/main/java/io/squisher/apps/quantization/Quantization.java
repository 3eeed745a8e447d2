package io.squisher.apps.quantization;

import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.quantization.number.Fitted;
import io.squisher.apps.quantization.number.LearnedTable;
import io.squisher.fisher.FisherScale;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rounds the weights of a model as a plan says. Scales are found in one pass; the rounded weights are computed as they are read. */
public final class Quantization {
    /** Metadata key; the value is a JSON object. */
    static final String KEY = "squisher.quantize";

    private static final String TASK = "cannot quantize";

    private Quantization() {}

    /**
     * Fits each format to its tensor.
     *
     * @param fisher for tables alone; others take no notice of it
     * @param allowOtherModel whether a plan or a Fisher that was made for other weights is taken
     * @throws SquisherException if the plan is for other weights, names a tensor that cannot be rounded, or needs a Fisher
     */
    public static QuantizedModel plan(
            WeightSource model, QuantizationPlan plan, Optional<NamedFisher> fisher, boolean allowOtherModel) {
        Problems problems = new Problems(TASK);
        plan.tensors().forEach((name, tensor) -> checkTensor(model, name, tensor, problems));
        List<String> tables = plan.tensors().entrySet().stream()
                .filter(entry -> entry.getValue().candidate().format() instanceof LearnedTable)
                .map(Map.Entry::getKey)
                .toList();
        if (!tables.isEmpty() && fisher.isEmpty()) {
            problems.add(
                    "the tables of " + FisherCheck.list(tables) + " are fitted by a Fisher; give it with --fisher");
        }
        problems.throwIfAny();
        if (!tables.isEmpty()) {
            new FisherCheck(problems, allowOtherModel).check(model, fisher.orElseThrow(), tables);
        }
        checkHash(model, plan, allowOtherModel, problems);
        problems.throwIfAny();
        Optional<Sensitivity> sensitivity = tables.isEmpty()
                ? Optional.empty()
                : fisher.map(named -> Sensitivity.of(named, FisherScale.BATCH_IF_KNOWN));
        Map<String, QuantizedTensor> tensors = new LinkedHashMap<>();
        plan.tensors().forEach((name, planned) -> {
            FiniteWeights.check(model, name);
            Tensor weights = model.tensor(name);
            Tensor importance = sensitivity.map(of -> of.of(name)).orElse(weights);
            Fitted fitted = planned.candidate().fit(weights, importance, planned.channelAxis());
            tensors.put(name, new QuantizedTensor(weights, planned, fitted));
        });
        List<String> warnings = sensitivity.map(of -> of.rescaling().warnings()).orElse(List.of());
        return new QuantizedModel(tensors, metadata(plan, tensors), warnings);
    }

    private static void checkTensor(WeightSource model, String name, PlannedTensor planned, Problems problems) {
        if (!model.names().contains(name)) {
            problems.add("the plan names the tensor '" + name + "' that '" + model.path()
                    + "' lacks; pass the model that the plan was made for");
            return;
        }
        Tensor tensor = model.tensor(name);
        if (!tensor.type().isFloating() || tensor.shape().rank() < 2) {
            problems.add("the plan names '" + name + "', which is " + tensor.type() + tensor.shape()
                    + "; floating-point tensors of at least two axes are rounded");
        } else if (planned.channelAxis() < 0
                || planned.channelAxis() >= tensor.shape().rank()) {
            problems.add("the plan counts the channels of '" + name + "' along axis " + planned.channelAxis()
                    + ", which " + tensor.shape() + " has not");
        }
    }

    private static void checkHash(
            WeightSource model, QuantizationPlan plan, boolean allowOtherModel, Problems problems) {
        if (plan.weightsHash().isPresent() && !allowOtherModel) {
            String actual = ContentHash.of(plan.tensors().keySet(), model::tensor);
            if (!actual.equals(plan.weightsHash().get())) {
                problems.add("the plan was made for other weights than those in '" + model.path()
                        + "'; make one for this model, or pass --allow-other-model if they are meant to differ");
            }
        }
    }

    private static Map<String, String> metadata(QuantizationPlan plan, Map<String, QuantizedTensor> tensors) {
        JsonObject json = new JsonObject();
        plan.origin().forEach(json::addProperty);
        JsonObject formats = new JsonObject();
        new TreeMap<>(tensors)
                .forEach((name, tensor) ->
                        formats.addProperty(name, tensor.planned().candidate().name()));
        json.add("formats", formats);
        json.addProperty("bits_per_weight", QuantizedModel.bitsPerWeight(tensors.values()));
        json.addProperty("tool_version", Version.text());
        return Map.of(KEY, json.toString());
    }
}
