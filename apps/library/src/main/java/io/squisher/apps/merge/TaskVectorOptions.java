package io.squisher.apps.merge;

import io.squisher.SquisherException;
import io.squisher.apps.topk.Scope;

/**
 * The variants of methods that add up task vectors.
 *
 * @param alpha factor of the sum (λ in the papers); above 0
 * @param density share of each task vector's entries that is kept; above 0, at most 1
 * @param scope where TIES counts that share: over a whole task vector, as in its paper, or in each tensor
 * @param seed of DARE's choice
 */
public record TaskVectorOptions(double alpha, double density, Scope scope, long seed) {
    /** Whole task vectors, added as they are. */
    public static final TaskVectorOptions PLAIN = new TaskVectorOptions(1, 1, Scope.GLOBAL, 0);

    /** What TIES keeps in its paper. */
    public static final double TIES_DENSITY = 0.2;

    public TaskVectorOptions {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new SquisherException("alpha is a number above 0, not " + alpha);
        }
        if (!(density > 0 && density <= 1)) {
            throw new SquisherException("the density is above 0 and at most 1, not " + density);
        }
    }
}
