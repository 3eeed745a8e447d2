package io.squisher.apps.prune;

import io.squisher.apps.topk.RandomScores;
import io.squisher.apps.topk.Scoring;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;

/** How important each unit of a group is. */
@FunctionalInterface
public interface UnitScoring {
    /** One score for each unit, not negative. */
    double[] of(UnitGroup group);

    /**
     * The sum of a statistic over the parameters that compute a unit. With {@link LossRiseScoring} that is, to second order
     * and without the terms between parameters, the rise of the loss when all of them become 0.
     */
    static UnitScoring sum(WeightSource model, Scoring statistic) {
        return group -> {
            double[] sums = new double[group.count()];
            ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
            for (UnitSlice slice : group.own()) {
                if (model.role(slice.parameter()) == Role.PARAMETER) {
                    Tensor scores = statistic.of(slice.parameter());
                    Shape shape = scores.shape();
                    long stride = slice.stride(shape) * slice.span(shape, group.count());
                    reader.forEach(scores, (index, score) -> sums[(int) (index / stride % group.count())] += score);
                }
            }
            return sums;
        };
    }

    /** A random number for each unit, however many parameters it has. */
    static UnitScoring random(long seed) {
        return group ->
                RandomScores.of(seed, group.name(), Shape.of(group.count())).toDoubles();
    }
}
