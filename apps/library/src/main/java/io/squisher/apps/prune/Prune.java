package io.squisher.apps.prune;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.topk.Scoring;
import io.squisher.apps.topk.Selection;
import io.squisher.apps.topk.TopK;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans unstructured pruning: of n eligible parameters exactly round(sparsity · n) become 0, those of the smallest
 * scores. The selection reads the scores; the pruned tensors are computed as they are read.
 */
public final class Prune {
    /** Metadata key; the value is a JSON object. */
    static final String KEY = "squisher.prune";

    private Prune() {}

    /** The names of the parameters that may be pruned. */
    public static List<String> eligible(WeightSource model, PruneOptions options) {
        return model.names().stream()
                .filter(name -> model.role(name) == Role.PARAMETER)
                .filter(name -> model.tensor(name).type().isFloating())
                .filter(name -> options.exclude()
                        .map(pattern -> !pattern.matcher(name).find())
                        .orElse(true))
                .toList();
    }

    /**
     * Selects what stays.
     *
     * @throws SquisherException if nothing is eligible, the Fisher belongs to other weights, or a score cannot be computed
     */
    public static PrunePlan plan(WeightSource model, Scoring scoring, PruneOptions options) {
        List<String> eligible = eligible(model, options);
        if (eligible.isEmpty()) {
            throw new SquisherException("cannot prune '" + model.path() + "': no parameter is left; see --exclude");
        }
        checkFisher(model, scoring, eligible, options.allowOtherModel());
        Map<String, Tensor> scores = new LinkedHashMap<>();
        eligible.forEach(name -> scores.put(name, scoring.of(name)));
        Map<String, Tensor> masks = new LinkedHashMap<>();
        long total = 0;
        long kept = 0;
        for (Map<String, Tensor> group : options.scope().groups(scores)) {
            long size = group.values().stream().mapToLong(Tensor::size).sum();
            long keep = size - Math.round(options.sparsity() * size);
            Selection selection = TopK.select(group, keep);
            group.keySet().forEach(name -> masks.put(name, selection.keep(name)));
            total += size;
            kept += keep;
        }
        if (kept == 0) {
            throw new SquisherException("cannot prune '" + model.path() + "': a sparsity of " + options.sparsity()
                    + " leaves none of the " + Counted.of(total, "parameter") + "; choose a smaller one");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        masks.forEach((name, mask) -> tensors.put(name, masked(model.tensor(name), mask)));
        return new PrunePlan(tensors, masks, total, kept, metadata(scoring, options), warnings(scoring, options));
    }

    private static List<String> warnings(Scoring scoring, PruneOptions options) {
        List<String> warnings = new ArrayList<>(scoring.warnings());
        scoring.fisher()
                .flatMap(fisher -> LongMemory.warning(fisher, options.sparsity()))
                .ifPresent(warnings::add);
        return warnings;
    }

    static void checkFisher(WeightSource model, Scoring scoring, List<String> needed, boolean allowOtherModel) {
        Problems problems = new Problems("cannot prune");
        scoring.fisher().ifPresent(fisher -> new FisherCheck(problems, allowOtherModel).check(model, fisher, needed));
        problems.throwIfAny();
    }

    static Tensor masked(Tensor weights, Tensor mask) {
        return new ComputedTensor(TensorSpec.of(weights), List.of(weights, mask), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = inputs[1][i] == 0 ? 0 : inputs[0][i];
            }
        });
    }

    private static Map<String, String> metadata(Scoring scoring, PruneOptions options) {
        JsonObject json = new JsonObject();
        json.addProperty("method", scoring.name());
        scoring.variant().forEach(json::addProperty);
        json.addProperty("sparsity", options.sparsity());
        json.addProperty("scope", options.scope().name().toLowerCase(java.util.Locale.ROOT));
        options.exclude().ifPresent(pattern -> json.addProperty("exclude", pattern.pattern()));
        json.addProperty("tool_version", Version.text());
        return Map.of(KEY, json.toString());
    }
}
