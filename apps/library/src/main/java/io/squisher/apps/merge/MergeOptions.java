package io.squisher.apps.merge;

import io.squisher.tensor.ElementType;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What holds for every method.
 *
 * @param exclude parameters in whose name this is found are not merged but treated as {@code excluded} says
 * @param excluded what becomes of them
 * @param type the floating-point type of the output; that of the first model unless given
 * @param allowOtherModel whether a Fisher whose content hash names other weights is let pass
 */
public record MergeOptions(
        Optional<Pattern> exclude, Excluded excluded, Optional<ElementType> type, boolean allowOtherModel) {
    /** Everything is merged, and every Fisher must belong to its model. */
    public static final MergeOptions DEFAULT =
            new MergeOptions(Optional.empty(), Excluded.FIRST, Optional.empty(), false);

    /** The fate of excluded parameters (usually heads, whose shapes may differ between the models). */
    public enum Excluded {
        /** Copied from the first model, as the reference does. */
        FIRST,
        /** Averaged with the models' weights. */
        AVERAGE
    }

    boolean isExcluded(String name) {
        return exclude.map(pattern -> pattern.matcher(name).find()).orElse(false);
    }
}
