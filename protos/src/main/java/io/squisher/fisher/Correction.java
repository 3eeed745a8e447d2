package io.squisher.fisher;

/**
 * What one tensor's stored numbers become: {@code factor · max(0, stored − offset)}.
 *
 * @param offset what is left of the value that an accumulator started from; 0 for most
 * @param factor bias correction, scale, loss scale and reduction in one; above 0
 */
public record Correction(double offset, double factor) {
    /** The number to use for a stored one; NaN stays NaN. */
    public double apply(double stored) {
        return Math.max(0, stored - offset) * factor;
    }
}
