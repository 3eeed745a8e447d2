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
 * @param gamma share of each tensor's largest changes that breadcrumbs leaves out; at least 0, below 1
 */
public record TaskVectorOptions(double alpha, double density, Scope scope, long seed, double gamma) {
    /** Whole task vectors, added as they are. */
    public static final TaskVectorOptions PLAIN = new TaskVectorOptions(1, 1, Scope.GLOBAL, 0);

    /** What breadcrumbs leaves out of the largest in its paper. */
    public static final double BREADCRUMBS_GAMMA = 0.01;

    /** What TIES keeps in its paper. */
    public static final double TIES_DENSITY = 0.2;

    public TaskVectorOptions {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new SquisherException("alpha is a number above 0, not " + alpha);
        }
        if (!(gamma >= 0 && gamma < 1)) {
            throw new SquisherException("gamma is at least 0 and below 1, not " + gamma);
        }
        if (!(density > 0 && density <= 1)) {
            throw new SquisherException("the density is above 0 and at most 1, not " + density);
        }
    }

    /** Variants of the methods that leave out no large changes. */
    public TaskVectorOptions(double alpha, double density, Scope scope, long seed) {
        this(alpha, density, scope, seed, 0);
    }
}
