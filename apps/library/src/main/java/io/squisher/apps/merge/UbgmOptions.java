package io.squisher.apps.merge;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherScale;

/**
 * The variants of merging by uncertainty-based gradient matching.
 *
 * @param alpha factor of all task vectors, inside and in front of the preconditioner; above 0
 * @param delta0 what is added to every Hessian, the prior's precision; not negative
 * @param scale how accumulators become Fishers
 */
public record UbgmOptions(double alpha, double delta0, FisherScale scale) {
    /** The formula of the paper with one task vector each: α = 1, δ0 = 0. */
    public static final UbgmOptions PLAIN = new UbgmOptions(1, 0, FisherScale.BATCH_IF_KNOWN);

    public UbgmOptions {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new SquisherException("alpha is a number above 0, not " + alpha);
        }
        if (!(delta0 >= 0) || Double.isInfinite(delta0)) {
            throw new SquisherException("delta0 is not negative, got " + delta0);
        }
    }
}
