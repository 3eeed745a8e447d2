package io.squisher.apps.merge;

import io.squisher.apps.plan.CommonScale;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merging by uncertainty-based gradient matching (Daheim et al. 2024). With the base θ_0, h_0 = s_0 F_0 + δ_0, and s_i the
 * models' weights: θ = θ_0 + α Σ_i (s_i F_i + h_0) / (α Σ_j s_j F_j + h_0) · (θ_i − θ_0).
 *
 * <p>Where all Fishers and δ_0 are 0 the quotient is taken as 1, its limit for small δ_0 (task arithmetic).
 */
public final class UbgmMethod implements MergeMethod {
    private final MergeInput base;
    private final UbgmOptions options;

    /**
     * Merges fine-tuned descendants of {@code base}.
     *
     * @param base the common ancestor with its Fisher F_0 and its multiplier s_0 as the weight
     */
    public UbgmMethod(MergeInput base, UbgmOptions options) {
        this.base = base;
        this.options = options;
    }

    @Override
    public String name() {
        return "ubgm";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("base", base.weights().path().getFileName().toString());
        variant.put("base_weight", base.share().toString());
        variant.put("alpha", Double.toString(options.alpha()));
        variant.put("delta0", Double.toString(options.delta0()));
        variant.put("scale", options.scale().toString());
        return variant;
    }

    @Override
    public List<MergeInput> references() {
        return List.of(base);
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        List<NamedFisher> fishers = new ArrayList<>();
        if (base.fisher().isEmpty()) {
            problems.add("the base '" + base.label() + "' has no Fisher; give one with --base-fisher");
        }
        for (MergeInput model : models) {
            if (model.fisher().isEmpty()) {
                problems.add("'" + model.label() + "' has no Fisher; give one with --fisher");
            }
            model.fisher().ifPresent(fishers::add);
        }
        base.fisher().ifPresent(fishers::add);
        CommonScale.check(fishers, options.scale(), problems);
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        List<MergeInput> all = new ArrayList<>(List.of(base));
        all.addAll(models);
        List<Sensitivity> sensitivities = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (MergeInput model : all) {
            NamedFisher fisher = model.fisher().orElseThrow();
            Sensitivity sensitivity = Sensitivity.of(fisher, options.scale());
            sensitivities.add(sensitivity);
            warnings.addAll(sensitivity.rescaling().warnings());
        }
        List<String> remarks = sensitivities.stream()
                .skip(1)
                .map(sensitivity -> sensitivity.rescaling().description())
                .toList();
        TaskVectorWeight weight = new TaskVectorWeight(models.size());
        return new Prepared(
                name -> {
                    double[] multipliers = all.stream()
                            .mapToDouble(model -> model.share().in(name))
                            .toArray();
                    return merge(all, name, new Kernel(name, options, sensitivities, multipliers, weight));
                },
                warnings,
                remarks,
                Optional.of(weight));
    }

    private static Tensor merge(List<MergeInput> all, String name, Kernel kernel) {
        List<Tensor> inputs = new ArrayList<>();
        all.forEach(model -> inputs.add(model.weights().tensor(name)));
        all.forEach(model -> inputs.add(model.fisher().orElseThrow().diagonal().tensor(name)));
        return new ComputedTensor(TensorSpec.of(all.get(1).weights().tensor(name)), inputs, kernel);
    }

    /** Inputs are θ_0, θ_1 … θ_M, F_0, F_1 … F_M; the Fishers' arrays are overwritten. */
    private record Kernel(
            String name,
            UbgmOptions options,
            List<Sensitivity> sensitivities,
            double[] multipliers,
            TaskVectorWeight weight)
            implements ComputedTensor.Kernel {
        @Override
        public void compute(long start, int count, double[][] inputs, double[] output) {
            int all = multipliers.length;
            for (int model = 0; model < all; model++) {
                double[] fisher = inputs[all + model];
                sensitivities.get(model).apply(name, start, fisher, count);
                double shift = model == 0 ? options.delta0() : 0;
                for (int i = 0; i < count; i++) {
                    fisher[i] = multipliers[model] * fisher[i] + shift;
                }
            }
            double weighted = 0;
            double moved = 0;
            for (int i = 0; i < count; i++) {
                double prior = inputs[all][i];
                double total = 0;
                for (int model = 1; model < all; model++) {
                    total += inputs[all + model][i];
                }
                double preconditioner = options.alpha() * total + prior;
                double step = 0;
                double shares = 0;
                double distance = 0;
                for (int model = 1; model < all; model++) {
                    double share = preconditioner > 0 ? (inputs[all + model][i] + prior) / preconditioner : 1;
                    step += share * (inputs[model][i] - inputs[0][i]);
                    shares += share;
                    distance += Math.abs(inputs[model][i] - inputs[0][i]);
                }
                weighted += shares * distance;
                moved += distance;
                output[i] = inputs[0][i] + options.alpha() * step;
            }
            weight.add(options.alpha() * weighted, moved);
        }
    }
}
