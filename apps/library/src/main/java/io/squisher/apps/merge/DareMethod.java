package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.topk.RandomScores;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * DARE (Yu et al. 2024, "Language models are super Mario: absorbing abilities from homologous models as a free lunch"):
 * θ = θ_0 + α Σ_i λ_i m_i / p_i · (θ_i − θ_0), where an entry of m_i is 1 with probability p_i, else 0, so that the mean
 * over seeds is task arithmetic's result. In the paper p_i is the density everywhere.
 *
 * <p>Where Fishers are given, p_i grows with √F_i |θ_i − θ_0| as {@link KeepProbability} says.
 *
 * <p>What is dropped depends on the seed, the position of the model, the tensor's name and the index alone.
 */
public final class DareMethod extends TaskVectorMethod {
    /**
     * Merges fine-tuned descendants of {@code base}.
     *
     * @param base the common ancestor; its weight and Fisher are not used
     */
    public DareMethod(MergeInput base, TaskVectorOptions options) {
        super(base, options);
    }

    @Override
    public String name() {
        return "dare";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = super.variant();
        variant.put("density", Double.toString(options().density()));
        variant.put("seed", Long.toString(options().seed()));
        return variant;
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        checkFactors(models, problems);
        checkScores(models, problems);
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        List<Optional<Sensitivity>> sensitivities = sensitivities(models);
        return prepared(
                name -> {
                    List<Tensor> masks = new ArrayList<>();
                    for (int i = 0; i < models.size(); i++) {
                        masks.add(mask(i, models.get(i), sensitivities.get(i), name));
                    }
                    return merge(models, name, masks, new Sum(scaled(factors(models, name)), true));
                },
                sensitivities,
                "score of the probability to keep");
    }

    /** 1/p where an entry is kept, else 0. */
    private Tensor mask(int position, MergeInput model, Optional<Sensitivity> sensitivity, String name) {
        Tensor weights = model.weights().tensor(name);
        TensorSpec spec = new TensorSpec(ElementType.F64, weights.shape());
        Tensor random = RandomScores.of(options().seed(), position + "/" + name, weights.shape());
        double density = options().density();
        if (sensitivity.isEmpty()) {
            return new ComputedTensor(spec, List.of(random), (start, count, inputs, output) -> {
                for (int i = 0; i < count; i++) {
                    output[i] = inputs[0][i] <= density ? 1 / density : 0;
                }
            });
        }
        Tensor score = score(model, sensitivity, name);
        Supplier<KeepProbability> probability = new Deferred<>(() -> KeepProbability.of(score, density));
        return new ComputedTensor(spec, List.of(random, score), (start, count, inputs, output) -> {
            KeepProbability found = probability.get();
            for (int i = 0; i < count; i++) {
                double kept = found.of(inputs[1][i]);
                output[i] = inputs[0][i] <= kept ? 1 / kept : 0;
            }
        });
    }
}
