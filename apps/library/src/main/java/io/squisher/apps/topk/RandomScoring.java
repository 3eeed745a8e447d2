package io.squisher.apps.topk;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Random numbers: the baseline of every choice of parameters. */
public final class RandomScoring implements Scoring {
    private final Map<String, String> variant;
    private final Function<String, Tensor> scores;

    private RandomScoring(Map<String, String> variant, Function<String, Tensor> scores) {
        this.variant = Map.copyOf(variant);
        this.scores = scores;
    }

    /** For a mask; the diagonal gives names and shapes alone. */
    public static RandomScoring ofShapes(FisherDiagonal shapes, long seed) {
        return new RandomScoring(
                Map.of("seed", Long.toString(seed)),
                parameter -> RandomScores.of(
                        seed, parameter, shapes.tensor(parameter).shape()));
    }

    /** For pruning: what is 0 already scores 0, so that repeated pruning only adds to it. */
    public static RandomScoring ofWeights(WeightSource model, long seed) {
        return new RandomScoring(Map.of("statistic", "random", "seed", Long.toString(seed)), parameter -> {
            Tensor weights = model.tensor(parameter);
            TensorSpec spec = new TensorSpec(ElementType.F64, weights.shape());
            Tensor random = RandomScores.of(seed, parameter, weights.shape());
            return new ComputedTensor(spec, List.of(weights, random), (start, count, inputs, output) -> {
                for (int i = 0; i < count; i++) {
                    output[i] = inputs[0][i] == 0 ? 0 : inputs[1][i];
                }
            });
        });
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public Map<String, String> variant() {
        return variant;
    }

    @Override
    public Tensor of(String parameter) {
        return scores.apply(parameter);
    }
}
