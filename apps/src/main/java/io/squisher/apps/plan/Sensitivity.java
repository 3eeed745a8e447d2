package io.squisher.apps.plan;

import io.squisher.SquisherException;
import io.squisher.fisher.Rescaling;

/**
 * Brings stored entries of one diagonal to the common scale, and refuses those that no Fisher can have.
 *
 * @param label the Fisher's file, for messages
 */
public record Sensitivity(String label, Rescaling rescaling) {
    private static final long EXPONENT_UNIT = 1L << 52;
    private static final int FLOAT_EXPONENT_UNIT = 1 << 23;

    /**
     * Rescales {@code values[0..count)} in place.
     *
     * @param tensor the tensor's name
     * @param start index of the first value in the tensor
     * @throws SquisherException if a value is NaN, infinite or negative
     */
    public void apply(String tensor, long start, double[] values, int count) {
        if (mayBeRefused(values, count) && firstRefused(values, count) < count) {
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

    /**
     * Whether {@link #apply} does nothing but multiply, so that callers may take floats times {@code rescaling.factor()}
     * after {@link #check}.
     */
    public boolean isFactor() {
        return rescaling.offset() == 0;
    }

    /**
     * Refuses what {@link #apply} refuses.
     *
     * @throws SquisherException if a value is NaN, infinite or negative
     */
    public void check(String tensor, long start, float[] values, int count) {
        int signs = 0;
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            signs |= bits | bits + FLOAT_EXPONENT_UNIT;
        }
        if (signs < 0) {
            double[] wide = new double[count];
            for (int i = 0; i < count; i++) {
                wide[i] = values[i];
            }
            if (firstRefused(wide, count) < count) {
                throw refused(tensor, start, wide, count);
            }
        }
    }

    /**
     * Whether a value is NaN, infinite, negative, or −0. Asked of the bits, because comparisons of numbers are branches:
     * adding 1 to an exponent of ones carries into the sign.
     */
    private static boolean mayBeRefused(double[] values, int count) {
        long signs = 0;
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[i]);
            signs |= bits | bits + EXPONENT_UNIT;
        }
        return signs < 0;
    }

    private static int firstRefused(double[] values, int count) {
        int at = 0;
        while (at < count && values[at] >= 0 && values[at] <= Double.MAX_VALUE) {
            at++;
        }
        return at;
    }

    private SquisherException refused(String tensor, long start, double[] values, int count) {
        int at = firstRefused(values, count);
        return new SquisherException("'" + label + "': tensor '" + tensor + "' has " + values[at] + " at element "
                + (start + at) + "; the entries of a Fisher are finite and not negative");
    }
}
