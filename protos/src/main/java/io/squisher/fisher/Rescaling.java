package io.squisher.fisher;

import java.util.List;

/**
 * How the numbers of one diagonal become comparable with those of another: {@code factor · max(0, stored − offset)}.
 *
 * @param offset what is left of the value that an accumulator started from; 0 for most
 * @param factor bias correction, scale and reduction in one; above 0
 * @param scaleUnknown whether the factor to the mean empirical Fisher could not be found, so that only ratios within the
 *     diagonal mean something
 * @param description the rule in words, for metadata
 * @param warnings complete lines for the user
 */
public record Rescaling(double offset, double factor, boolean scaleUnknown, String description, List<String> warnings) {
    /** Nothing changes. */
    public static final Rescaling IDENTITY = new Rescaling(0, 1, false, "as stored", List.of());

    public Rescaling {
        warnings = List.copyOf(warnings);
    }

    /** The number to use for a stored one; NaN stays NaN. */
    public double apply(double stored) {
        return Math.max(0, stored - offset) * factor;
    }
}
