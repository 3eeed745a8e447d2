package io.squisher.apps.unlearn;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherScale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How much is forgotten, and where.
 *
 * @param alpha selects parameters: a Fisher of the forget set above {@code alpha} times that of the whole set; above 0
 * @param lambda how much a selected one keeps: min(λ · F_all / F_forget, 1); at least 0
 * @param scale what the whole set's accumulator is multiplied with
 * @param exclude parameters in whose name this is found stay as they are
 * @param allowOtherModel whether Fishers made for other weights of the same shapes are taken
 */
public record DampeningOptions(
        double alpha, double lambda, FisherScale scale, Optional<Pattern> exclude, boolean allowOtherModel) {
    /** The paper's α for a whole class. */
    public static final double USUAL_ALPHA = 10;

    /** The paper's λ. */
    public static final double USUAL_LAMBDA = 1;

    public DampeningOptions {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new SquisherException("alpha is a number above 0, not " + alpha);
        }
        if (!(lambda >= 0) || Double.isInfinite(lambda)) {
            throw new SquisherException("lambda is a number of at least 0, not " + lambda);
        }
    }

    /** Options for the Fishers of the model itself. */
    public DampeningOptions(double alpha, double lambda) {
        this(alpha, lambda, FisherScale.BATCH_IF_KNOWN, Optional.empty(), false);
    }
}
