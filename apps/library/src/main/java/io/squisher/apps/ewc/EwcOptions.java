package io.squisher.apps.ewc;

import io.squisher.SquisherException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How several tasks become one penalty.
 *
 * @param mode whether every task keeps its own centre
 * @param decay online: what the older Fishers are multiplied by at each new task, above 0 and at most 1
 * @param exclude parameters in whose name this is found (the heads of the tasks) are not held
 * @param allowOtherModel whether a Fisher made for other weights of the same shapes is taken
 */
public record EwcOptions(Mode mode, double decay, Optional<Pattern> exclude, boolean allowOtherModel) {
    public EwcOptions {
        if (!(decay > 0 && decay <= 1)) {
            throw new SquisherException("a decay is above 0 and at most 1, not " + decay);
        }
    }

    /** Options that take the Fishers of the tasks' models alone. */
    public EwcOptions(Mode mode, double decay, Optional<Pattern> exclude) {
        this(mode, decay, exclude, false);
    }

    /** Ways to add tasks up. */
    public enum Mode {
        /**
         * A penalty for each task around its own θ*_t. Their sum is one quadratic again: F = Σ F_t around
         * θ* = Σ F_t θ*_t / F, up to a constant.
         */
        SEPARATE,
        /** F ← F_t + γ F (Schwarz et al. 2018), around the last task's θ*. */
        ONLINE
    }

    boolean isExcluded(String name) {
        return exclude.map(pattern -> pattern.matcher(name).find()).orElse(false);
    }
}
