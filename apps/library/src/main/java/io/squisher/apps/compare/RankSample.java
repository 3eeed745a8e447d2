package io.squisher.apps.compare;

import java.util.Arrays;

/** Pairs of coordinates at even distances, few enough to sort in memory. */
final class RankSample {
    private final long stride;
    private long seen;
    private int size;
    private double[] a;
    private double[] b;

    /** A sample of at most {@code limit} of {@code total} pairs: all, or every n-th. */
    RankSample(long total, int limit) {
        stride = Math.max(1, (total + limit - 1) / limit);
        int capacity = (int) ((total + stride - 1) / stride);
        a = new double[capacity];
        b = new double[capacity];
    }

    void add(double[] valuesA, double[] valuesB, int count) {
        long toNext = (stride - seen % stride) % stride;
        for (long i = toNext; i < count; i += stride) {
            // Adding 0 turns -0 into 0, which sorting would tell apart.
            a[size] = valuesA[(int) i] + 0.0;
            b[size] = valuesB[(int) i] + 0.0;
            size++;
        }
        seen += count;
    }

    int size() {
        return size;
    }

    RankAgreement agreement(double topFraction) {
        if (size == 0) {
            return new RankAgreement(Double.NaN, Double.NaN);
        }
        int k = (int) Math.min(size, Math.max(1, Math.round(topFraction * size)));
        return RankAgreement.of(Arrays.copyOf(a, size), Arrays.copyOf(b, size), k);
    }
}
