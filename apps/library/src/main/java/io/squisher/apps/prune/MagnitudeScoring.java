package io.squisher.apps.prune;

import io.squisher.apps.topk.Scoring;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.List;
import java.util.Map;

/** |θ|: a baseline that asks no data. */
public final class MagnitudeScoring implements Scoring {
    private final WeightSource model;

    public MagnitudeScoring(WeightSource model) {
        this.model = model;
    }

    @Override
    public String name() {
        return "magnitude";
    }

    @Override
    public Map<String, String> variant() {
        return Map.of("statistic", "|theta|");
    }

    @Override
    public Tensor of(String parameter) {
        Tensor weights = model.tensor(parameter);
        TensorSpec spec = new TensorSpec(ElementType.F64, weights.shape());
        return new ComputedTensor(spec, List.of(weights), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = Math.abs(inputs[0][i]);
            }
            FiniteWeights.check(model, parameter, start, inputs[0], count);
        });
    }
}
