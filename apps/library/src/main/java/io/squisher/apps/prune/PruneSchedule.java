package io.squisher.apps.prune;

import io.squisher.SquisherException;

/** Sparsities of pruning in several rounds, with training between them. */
public final class PruneSchedule {
    private PruneSchedule() {}

    /**
     * The sparsity after a round, s · (1 − (1 − round/rounds)³) (Zhu and Gupta 2017): much at first, little at the end.
     *
     * @param target the sparsity s after the last round
     * @param round 1 to {@code rounds}
     */
    public static double cubic(double target, int round, int rounds) {
        if (rounds < 1 || round < 1 || round > rounds) {
            throw new SquisherException("round " + round + " of " + rounds + " does not exist");
        }
        double left = 1 - (double) round / rounds;
        return target * (1 - left * left * left);
    }
}
