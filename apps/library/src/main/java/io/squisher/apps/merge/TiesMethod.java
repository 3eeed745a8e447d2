package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.topk.Selection;
import io.squisher.apps.topk.TopK;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * TIES (Yadav et al. 2023, "TIES-Merging: resolving interference when merging models"), in three steps over task vectors
 * τ_i = θ_i − θ_0:
 *
 * <ol>
 *   <li>trim: of each τ_i the share {@code density} of entries stays whose |τ| is largest, or √F |τ| where Fishers are
 *       given, the others become 0; ties go to earlier tensors and lower indices;
 *   <li>elect: γ = sgn(Σ_i λ_i τ_i) in each coordinate;
 *   <li>merge: θ = θ_0 + α Σ_i λ_i τ_i / Σ_i λ_i, over those i with sgn(τ_i) = γ.
 * </ol>
 *
 * <p>θ is θ_0 where γ is 0. The paper has λ_i = 1 and trims by |τ|.
 */
public final class TiesMethod extends TaskVectorMethod {
    /**
     * Merges fine-tuned descendants of {@code base}.
     *
     * @param base the common ancestor; its weight and Fisher are not used
     */
    public TiesMethod(MergeInput base, TaskVectorOptions options) {
        super(base, options);
    }

    @Override
    public String name() {
        return "ties";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = super.variant();
        variant.put("density", Double.toString(options().density()));
        variant.put("scope", options().scope().name().toLowerCase(Locale.ROOT));
        return variant;
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        checkScores(models, problems);
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        List<Optional<Sensitivity>> sensitivities = sensitivities(models);
        List<Map<String, Supplier<Selection>>> kept = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            kept.add(trimmed(models.get(i), sensitivities.get(i), merged));
        }
        return prepared(
                name -> {
                    Tensor like = models.get(0).weights().tensor(name);
                    TensorSpec mask = new TensorSpec(ElementType.U8, like.shape());
                    List<Tensor> masks = new ArrayList<>();
                    kept.forEach(selections -> masks.add(new DeferredTensor(
                            mask, () -> selections.get(name).get().keep(name))));
                    return merge(
                            models,
                            name,
                            masks,
                            new Kernel(factors(models, name), options().alpha()));
                },
                sensitivities,
                "score of the trimming");
    }

    /** Which entries of a task vector stay, by tensor; found when a tensor is first read. */
    private Map<String, Supplier<Selection>> trimmed(
            MergeInput model, Optional<Sensitivity> sensitivity, Set<String> merged) {
        Map<String, Tensor> scores = new LinkedHashMap<>();
        merged.forEach(name -> scores.put(name, score(model, sensitivity, name)));
        Map<String, Supplier<Selection>> selections = new HashMap<>();
        for (Map<String, Tensor> group : options().scope().groups(scores)) {
            long size = group.values().stream().mapToLong(Tensor::size).sum();
            Supplier<Selection> selection =
                    new Deferred<>(() -> TopK.select(group, Math.round(options().density() * size)));
            group.keySet().forEach(name -> selections.put(name, selection));
        }
        return selections;
    }

    /** Elects and merges; inputs are θ_0, the θ_i, and 1 where an entry of τ_i stayed. */
    private record Kernel(double[] weights, double alpha) implements ComputedTensor.Kernel {
        @Override
        public void compute(long start, int count, double[][] inputs, double[] output) {
            int models = weights.length;
            for (int i = 0; i < count; i++) {
                double elected = 0;
                for (int model = 0; model < models; model++) {
                    elected += weights[model] * change(inputs, model, i);
                }
                double step = 0;
                double total = 0;
                for (int model = 0; model < models; model++) {
                    double change = change(inputs, model, i);
                    if (Math.signum(change) * Math.signum(elected) > 0 && weights[model] > 0) {
                        step += weights[model] * change;
                        total += weights[model];
                    }
                }
                output[i] = inputs[0][i] + (total > 0 ? alpha * step / total : 0);
            }
        }

        private double change(double[][] inputs, int model, int i) {
            return inputs[1 + weights.length + model][i] == 0 ? 0 : inputs[1 + model][i] - inputs[0][i];
        }
    }
}
