package io.squisher.apps.prune;

import io.squisher.apps.topk.RandomScores;
import io.squisher.apps.topk.Scoring;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.List;
import java.util.Map;

/** Random numbers: the baseline of the paper. What is 0 already scores 0, so that repeated pruning only adds to it. */
public final class RandomStatistic implements Scoring {
    private final WeightSource model;
    private final long seed;

    public RandomStatistic(WeightSource model, long seed) {
        this.model = model;
        this.seed = seed;
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public Map<String, String> variant() {
        return Map.of("statistic", "random", "seed", Long.toString(seed));
    }

    @Override
    public Tensor of(String parameter) {
        Tensor weights = model.tensor(parameter);
        TensorSpec spec = new TensorSpec(ElementType.F64, weights.shape());
        Tensor random = RandomScores.of(seed, parameter, weights.shape());
        return new ComputedTensor(spec, List.of(weights, random), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = inputs[0][i] == 0 ? 0 : inputs[1][i];
            }
        });
    }
}
