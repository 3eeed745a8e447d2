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
import java.util.List;
import java.util.Map;

/**
 * ρ = ½ F θ² (Theis et al. 2018): to second order the rise of the loss when θ becomes 0. Only the order counts, so the
 * scale of an accumulator does not matter.
 */
public final class FisherStatistic implements Scoring {
    private final WeightSource model;
    private final NamedFisher fisher;
    private final Sensitivity sensitivity;

    /** The statistic of {@code model} under its Fisher or Squisher. */
    public FisherStatistic(WeightSource model, NamedFisher fisher) {
        this.model = model;
        this.fisher = fisher;
        this.sensitivity = new Sensitivity(
                fisher.label(), FisherScale.NONE.rescaling(fisher.diagonal().provenance(), fisher.label()));
    }

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public Map<String, String> variant() {
        return Map.of(
                "statistic",
                "F theta^2 / 2",
                "fisher",
                fisher.label(),
                "fisher_kind",
                fisher.diagonal().provenance().getKind().name().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public List<String> warnings() {
        return sensitivity.rescaling().warnings();
    }

    @Override
    public Tensor of(String parameter) {
        Tensor weights = model.tensor(parameter);
        Tensor diagonal = fisher.diagonal().tensor(parameter);
        TensorSpec spec = new TensorSpec(ElementType.F64, weights.shape());
        return new ComputedTensor(spec, List.of(weights, diagonal), (start, count, inputs, output) -> {
            sensitivity.apply(parameter, start, inputs[1], count);
            for (int i = 0; i < count; i++) {
                // Adding 0 turns -0 into 0, whose bits sort rightly.
                output[i] = 0.5 * inputs[1][i] * inputs[0][i] * inputs[0][i] + 0.0;
            }
            FiniteWeights.check(model, parameter, start, inputs[0], count);
        });
    }
}
