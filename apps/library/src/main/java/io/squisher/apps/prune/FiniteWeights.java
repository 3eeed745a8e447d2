package io.squisher.apps.prune;

import io.squisher.SquisherException;
import io.squisher.weights.WeightSource;

/** Refuses weights that have no order. */
final class FiniteWeights {
    private FiniteWeights() {}

    static void check(WeightSource model, String parameter, long start, double[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (!(Math.abs(values[i]) <= Double.MAX_VALUE)) {
                throw new SquisherException("'" + model.path() + "': parameter '" + parameter + "' has " + values[i]
                        + " at element " + (start + i) + "; such a model cannot be pruned");
            }
        }
    }
}
