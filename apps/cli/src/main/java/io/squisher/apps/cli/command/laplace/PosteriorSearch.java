package io.squisher.apps.cli.command.laplace;

import io.squisher.apps.laplace.Calibration;
import io.squisher.apps.laplace.Posterior;

/**
 * Finds the prior precision, and for an accumulator its scale, with the smallest mean −log p on validation data: of the grid, the
 * first where several are equal.
 *
 * @param examples N
 * @param priors precisions that are tried
 * @param scaleFree whether the scale is searched as well
 */
record PosteriorSearch(double examples, Priors priors, boolean scaleFree) {
    /** Accumulators are within two powers of ten of the Fisher once they are multiplied by the batch. */
    private static final double[] SCALES = {0.01, 0.1, 0.3, 1, 3, 10, 100};

    private static final double[] ONE = {1};

    /** The precisions to try at a scale. */
    @FunctionalInterface
    interface Priors {
        double[] at(double scale);
    }

    Posterior best(Predictive predictive, int... labels) {
        Posterior best = null;
        double smallest = Double.POSITIVE_INFINITY;
        for (double scale : scaleFree ? SCALES : ONE) {
            for (double precision : priors.at(scale)) {
                Posterior posterior = new Posterior(examples, scale, precision);
                double nll = Calibration.of(predictive.probabilities(posterior, Predictive.Part.VALIDATION), labels)
                        .nll();
                if (best == null || nll < smallest) {
                    best = posterior;
                    smallest = nll;
                }
            }
        }
        return best;
    }
}
