package io.squisher.apps.laplace;

import io.squisher.SquisherException;

/**
 * The numbers that make a precision of a diagonal: s N F + δ for each weight (MacKay 1992; Daxberger et al. 2021).
 *
 * @param examples N, the examples that the weights were trained on; above 0
 * @param scale s, 1 for a Fisher; for an accumulator what brings it to the Fisher, found on validation data
 * @param prior δ, the precision of a normal prior around 0; above 0
 */
public record Posterior(double examples, double scale, double prior) {
    public Posterior {
        if (!(examples > 0) || !(scale > 0) || !(prior > 0) || Double.isInfinite(examples * scale * prior)) {
            throw new SquisherException(
                    "a posterior needs a number of examples, a scale and a prior precision above 0, not " + examples
                            + ", " + scale + " and " + prior);
        }
    }

    /** The precision of a weight with this entry of the Fisher. */
    public double precision(double fisher) {
        return scale * examples * fisher + prior;
    }
}
