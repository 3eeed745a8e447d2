package io.squisher.apps.plan;

import io.squisher.SquisherException;
import io.squisher.fisher.Rescaling;

/**
 * Brings stored entries of one diagonal to the common scale, and refuses those that no Fisher can have.
 *
 * @param label the Fisher's file, for messages
 */
public record Sensitivity(String label, Rescaling rescaling) {
    /**
     * Rescales {@code values[0..count)} in place.
     *
     * @param tensor the tensor's name
     * @param start index of the first value in the tensor
     * @throws SquisherException if a value is NaN, infinite or negative
     */
    public void apply(String tensor, long start, double[] values, int count) {
        int bad = 0;
        for (int i = 0; i < count; i++) {
            bad += values[i] >= 0 && values[i] <= Double.MAX_VALUE ? 0 : 1;
        }
        if (bad > 0) {
            throw refused(tensor, start, values, count);
        }
        double offset = rescaling.offset();
        double factor = rescaling.factor();
        if (offset != 0) {
            for (int i = 0; i < count; i++) {
                values[i] = Math.max(0, values[i] - offset);
            }
        }
        if (factor != 1) {
            for (int i = 0; i < count; i++) {
                values[i] *= factor;
            }
        }
    }

    private SquisherException refused(String tensor, long start, double[] values, int count) {
        int at = 0;
        while (at < count && values[at] >= 0 && values[at] <= Double.MAX_VALUE) {
            at++;
        }
        return new SquisherException("'" + label + "': tensor '" + tensor + "' has " + values[at] + " at element "
                + (start + at) + "; the entries of a Fisher are finite and not negative");
    }
}
