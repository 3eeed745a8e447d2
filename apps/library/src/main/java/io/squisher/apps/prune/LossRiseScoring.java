package io.squisher.apps.prune;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ρ = ½ F θ² (Theis et al. 2018): to second order the rise of the loss when θ becomes 0. Only the order counts, so the
 * scale of an accumulator does not matter.
 */
public final class LossRiseScoring implements Scoring {
    private final WeightSource model;
    private final NamedFisher fisher;
    private final Sensitivity sensitivity;

    /** The statistic of {@code model} under its Fisher or Squisher. */
    public LossRiseScoring(WeightSource model, NamedFisher fisher) {
        this.model = model;
        this.fisher = fisher;
        this.sensitivity = Sensitivity.of(fisher, FisherScale.NONE);
    }

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = new LinkedHashMap<>(sensitivity.variant());
        variant.put("statistic", "F theta^2 / 2");
        return variant;
    }

    @Override
    public List<String> warnings() {
        return sensitivity.rescaling().warnings();
    }

    @Override
    public Optional<NamedFisher> fisher() {
        return Optional.of(fisher);
    }

    @Override
    public Tensor of(String parameter) {
        Tensor weights = model.tensor(parameter);
        TensorSpec spec = new TensorSpec(ElementType.F64, weights.shape());
        List<Tensor> inputs = List.of(weights, sensitivity.of(parameter));
        return new ComputedTensor(spec, inputs, (start, count, values, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = 0.5 * values[1][i] * values[0][i] * values[0][i];
            }
            FiniteWeights.check(model, parameter, start, values[0], count);
        });
    }
}
