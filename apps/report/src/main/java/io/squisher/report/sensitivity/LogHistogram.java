package io.squisher.report.sensitivity;

import java.util.Arrays;

/**
 * Counts of non-negative numbers in bins of a sixteenth of an octave, with the sum of what fell into each. The bins are
 * those of the number's bits, so that counting takes no logarithm: a threshold read from it is within 6 % of the exact one.
 */
public final class LogHistogram {
    /** Sign, exponent and four bits of the fraction are left of a double. */
    private static final int DROPPED_BITS = 48;

    private static final int START_BINS = 256;

    private long[] counts = new long[0];
    private double[] sums = new double[0];
    private int first;
    private long zeros;
    private long count;
    private double sum;
    private double largest;

    /** Adds a number that is finite and not negative. */
    public void add(double value) {
        add(value, value);
    }

    /** Adds a number, and to its bin's sum another that goes with it. */
    public void add(double value, double companion) {
        count++;
        sum += companion;
        if (value == 0) {
            zeros++;
            return;
        }
        largest = Math.max(largest, value);
        int bin = bin(value);
        if (bin < first || bin >= first + counts.length) {
            cover(bin);
        }
        counts[bin - first]++;
        sums[bin - first] += companion;
    }

    private static int bin(double value) {
        return (int) (Double.doubleToRawLongBits(value) >>> DROPPED_BITS);
    }

    private void cover(int bin) {
        if (counts.length == 0) {
            first = Math.max(0, bin - START_BINS / 2);
            counts = new long[START_BINS];
            sums = new double[START_BINS];
            return;
        }
        int low = Math.min(first, Math.max(0, bin - START_BINS / 2));
        int high = Math.max(first + counts.length, bin + START_BINS / 2);
        long[] wider = new long[high - low];
        double[] widerSums = new double[high - low];
        System.arraycopy(counts, 0, wider, first - low, counts.length);
        System.arraycopy(sums, 0, widerSums, first - low, sums.length);
        counts = wider;
        sums = widerSums;
        first = low;
    }

    /** Adds all that another one holds. */
    public void addAll(LogHistogram other) {
        for (int i = 0; i < other.counts.length; i++) {
            if (other.counts[i] > 0) {
                int bin = other.first + i;
                if (bin < first || bin >= first + counts.length) {
                    cover(bin);
                }
                counts[bin - first] += other.counts[i];
                sums[bin - first] += other.sums[i];
            }
        }
        zeros += other.zeros;
        count += other.count;
        sum += other.sum;
        largest = Math.max(largest, other.largest);
    }

    public long count() {
        return count;
    }

    public long zeros() {
        return zeros;
    }

    /** The sum of the companions; of the numbers themselves where none were given. */
    public double sum() {
        return sum;
    }

    public double largest() {
        return largest;
    }

    /** A threshold: the bin that a quantile falls into, and how much of the bin lies below it. */
    public record Threshold(int bin, double within) {}

    /** Below which {@code share} of the numbers lie; bin −1 stands for the zeros. */
    public Threshold threshold(double share) {
        double wanted = share * count;
        if (wanted <= zeros) {
            return new Threshold(-1, zeros == 0 ? 0 : wanted / zeros);
        }
        double below = zeros;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0 && below + counts[i] >= wanted) {
                return new Threshold(first + i, (wanted - below) / counts[i]);
            }
            below += counts[i];
        }
        return new Threshold(first + counts.length, 0);
    }

    /** How many numbers lie below a threshold, of this histogram or of another; fractions where it cuts a bin. */
    public double countBelow(Threshold threshold) {
        if (threshold.bin() < 0) {
            return zeros * threshold.within();
        }
        int end = Math.max(0, Math.min(counts.length, threshold.bin() - first));
        double below = zeros;
        for (int i = 0; i < end; i++) {
            below += counts[i];
        }
        return end == threshold.bin() - first && end < counts.length ? below + counts[end] * threshold.within() : below;
    }

    /** The sum of the companions of the numbers below a threshold. */
    public double sumBelow(Threshold threshold) {
        if (threshold.bin() < 0) {
            return 0;
        }
        int end = Math.max(0, Math.min(sums.length, threshold.bin() - first));
        double below = Arrays.stream(sums, 0, end).sum();
        return end == threshold.bin() - first && end < sums.length ? below + sums[end] * threshold.within() : below;
    }

    /** The number below which {@code share} of all lie; 0 where that is among the zeros, NaN where there are none. */
    public double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        Threshold threshold = threshold(share);
        if (threshold.bin() < 0) {
            return 0;
        }
        double low = value(threshold.bin());
        return Math.min(largest, low + (value(threshold.bin() + 1) - low) * threshold.within());
    }

    private static double value(int bin) {
        return Double.longBitsToDouble((long) bin << DROPPED_BITS);
    }

    /** Receives a bin that holds something: the number in its middle, how many there are, the sum of their companions. */
    @FunctionalInterface
    public interface BinConsumer {
        void accept(double middle, long count, double sum);
    }

    /** Visits the bins from the lowest on; the zeros are not among them. */
    public void forEach(BinConsumer consumer) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                double low = value(first + i);
                consumer.accept(low + (value(first + i + 1) - low) / 2, counts[i], sums[i]);
            }
        }
    }
}
