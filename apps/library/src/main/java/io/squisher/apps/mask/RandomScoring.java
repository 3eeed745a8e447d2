package io.squisher.apps.mask;

import io.squisher.apps.topk.RandomScores;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.tensor.Tensor;
import java.util.Map;

/** A random mask, the baseline; the diagonal gives the names and shapes alone. */
public final class RandomScoring implements Scoring {
    private final FisherDiagonal shapes;
    private final long seed;

    public RandomScoring(FisherDiagonal shapes, long seed) {
        this.shapes = shapes;
        this.seed = seed;
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public Map<String, String> variant() {
        return Map.of("seed", Long.toString(seed));
    }

    @Override
    public Tensor of(String parameter) {
        return RandomScores.of(seed, parameter, shapes.tensor(parameter).shape());
    }
}
