package io.squisher.apps.quantization;

import io.squisher.apps.quantization.number.Candidate;
import io.squisher.apps.quantization.number.LearnedTable;
import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which tensor gets which format.
 *
 * @param tensors by name; what is not named stays as it is
 * @param weightsHash of these tensors' weights, by {@link io.squisher.weights.ContentHash}; empty if the plan is for no certain
 *     weights
 * @param origin how the plan came to be, for metadata
 */
public record QuantizationPlan(
        Map<String, PlannedTensor> tensors, Optional<String> weightsHash, Map<String, String> origin) {
    public QuantizationPlan {
        tensors = new LinkedHashMap<>(tensors);
        origin = new TreeMap<>(origin);
    }

    /** The plan that a method chose. */
    public static QuantizationPlan of(PrecisionPlan plan) {
        Map<String, PlannedTensor> tensors = new LinkedHashMap<>();
        plan.tensors()
                .forEach(tensor -> tensors.put(
                        tensor.name(),
                        new PlannedTensor(
                                plan.chosen().chosen().get(tensor.name()).candidate(), tensor.channelAxis())));
        Map<String, String> origin = new TreeMap<>(plan.variant());
        origin.put("method", PlanJson.word(plan.method()));
        return new QuantizationPlan(tensors, Optional.of(plan.weightsHash()), origin);
    }

    /** One format for all parameters of at least two axes. */
    public static QuantizationPlan uniform(
            WeightSource model, Candidate candidate, Optional<Pattern> exclude, ChannelAxes axes) {
        Map<String, PlannedTensor> tensors = new LinkedHashMap<>();
        Eligible.of(model, exclude)
                .forEach(name -> tensors.put(
                        name,
                        new PlannedTensor(
                                candidate, axes.of(name, model.tensor(name).shape()))));
        return new QuantizationPlan(tensors, Optional.empty(), Map.of("method", "uniform"));
    }

    /** Whether a format needs a Fisher to be fitted. */
    public boolean needsFisher() {
        return tensors.values().stream().anyMatch(tensor -> tensor.candidate().format() instanceof LearnedTable);
    }
}
