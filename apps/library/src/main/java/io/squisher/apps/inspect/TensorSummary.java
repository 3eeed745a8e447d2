package io.squisher.apps.inspect;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;

/**
 * The values of a tensor in a few numbers.
 *
 * @param min smallest value, NaN left aside; NaN if there is none
 * @param max largest value, NaN left aside; NaN if there is none
 * @param mean mean of the finite values; NaN if there is none
 * @param zeros how many are exactly 0
 * @param notFinite how many are NaN or infinite
 */
public record TensorSummary(double min, double max, double mean, long zeros, long notFinite) {
    /** Reads the whole tensor once, through {@code reader}'s buffer. */
    public static TensorSummary of(Tensor tensor, ChunkReader reader) {
        Sums sums = new Sums();
        reader.forEach(tensor, (index, value) -> sums.add(value));
        long finite = tensor.size() - sums.notFinite;
        return new TensorSummary(sums.min, sums.max, sums.total / finite, sums.zeros, sums.notFinite);
    }

    private static final class Sums {
        double min = Double.NaN;
        double max = Double.NaN;
        double total;
        long zeros;
        long notFinite;

        void add(double value) {
            if (Double.isFinite(value)) {
                total += value;
            } else {
                notFinite++;
            }
            if (value == 0) {
                zeros++;
            }
            if (!(value >= min)) {
                min = Double.isNaN(value) ? min : value;
            }
            if (!(value <= max)) {
                max = Double.isNaN(value) ? max : value;
            }
        }
    }
}
