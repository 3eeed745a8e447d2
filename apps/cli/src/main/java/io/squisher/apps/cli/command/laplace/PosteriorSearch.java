package io.squisher.apps.cli.command.laplace;

import io.squisher.apps.laplace.Calibration;
import io.squisher.apps.laplace.Posterior;
import java.util.OptionalDouble;

/**
 * Finds the prior precision, and for an accumulator its scale, with the smallest mean −log p on validation data: of the grid, the
 * first where several are equal.
 *
 * @param examples N
 * @param prior given by the user, if it is
 * @param scaleFree whether the scale is searched as well
 */
record PosteriorSearch(double examples, OptionalDouble prior, boolean scaleFree) {
    /** Accumulators are within two powers of ten of the Fisher once they are multiplied by the batch. */
    private static final double[] SCALES = {0.01, 0.1, 0.3, 1, 3, 10, 100};

    private static final double[] ONE = {1};

    Posterior best(Predictive predictive, int... labels) {
        double[] priors = prior.isPresent()
                ? new double[] {prior.getAsDouble()}
                : predictive.grid().values();
        Posterior best = null;
        double smallest = Double.POSITIVE_INFINITY;
        for (double scale : scaleFree ? SCALES : ONE) {
            for (double precision : priors) {
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
