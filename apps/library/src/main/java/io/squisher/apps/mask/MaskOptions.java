package io.squisher.apps.mask;

import io.squisher.SquisherException;
import io.squisher.apps.topk.Scope;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How much a mask keeps.
 *
 * @param keep share of parameters that are kept (trained), above 0 and at most 1
 * @param scope whether the share holds overall or in each tensor
 * @param exclude parameters in whose name this is found (the classifier head) are always kept
 * @param count whether those count towards the share
 */
public record MaskOptions(double keep, Scope scope, Optional<Pattern> exclude, HeadCount count) {
    public MaskOptions {
        if (!(keep > 0 && keep <= 1)) {
            throw new SquisherException("the share to keep is above 0 and at most 1, not " + keep);
        }
    }

    boolean isExcluded(String name) {
        return exclude.map(pattern -> pattern.matcher(name).find()).orElse(false);
    }

    /** Whether excluded parameters use up the share. */
    public enum HeadCount {
        /** The share is one of the others alone. */
        OUTSIDE,
        /** The reference's rule: keep = ⌊share · all parameters⌋ − excluded ones, which must leave something. */
        INSIDE
    }
}
