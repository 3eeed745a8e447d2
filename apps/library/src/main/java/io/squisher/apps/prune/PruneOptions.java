package io.squisher.apps.prune;

import io.squisher.SquisherException;
import io.squisher.apps.topk.Scope;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How much is pruned, and where.
 *
 * @param sparsity share of the eligible parameters that are 0 afterwards, from 0 to below 1
 * @param scope whether the share holds overall or in each tensor
 * @param exclude parameters in whose name this is found are neither pruned nor counted
 * @param allowOtherModel whether a Fisher made for other weights of the same shapes is taken
 */
public record PruneOptions(double sparsity, Scope scope, Optional<Pattern> exclude, boolean allowOtherModel) {
    public PruneOptions {
        if (!(sparsity >= 0 && sparsity < 1)) {
            throw new SquisherException(
                    "a sparsity is at least 0 and below 1, not " + sparsity + "; a model without parameters is none");
        }
    }

    /** Options that take the Fisher of the model alone. */
    public PruneOptions(double sparsity, Scope scope, Optional<Pattern> exclude) {
        this(sparsity, scope, exclude, false);
    }
}
