package io.squisher.apps.laplace;

import java.util.ArrayList;
import java.util.List;

/**
 * How good and how honest probabilities are.
 *
 * @param nll mean of −log p of the labels, in nats
 * @param accuracy share of labels with the largest probability, 0 to 1
 * @param ece expected calibration error (Guo et al. 2017): the mean over predictions of |accuracy − confidence| of their bin
 * @param bins of equal width in confidence; empty ones are left out
 */
public record Calibration(double nll, double accuracy, double ece, List<Bin> bins) {
    /** As many bins as Guo et al. take. */
    public static final int BINS = 15;

    /** A label that got the probability 0 costs no more than this. */
    private static final double SMALLEST = 1e-300;

    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * Predictions of about the same confidence.
     *
     * @param confidence their mean largest probability
     * @param accuracy the share of them that is right
     * @param count how many there are
     */
    public record Bin(double confidence, double accuracy, long count) {}

    /**
     * Compares probabilities with labels.
     *
     * @param probabilities a row for each label
     */
    public static Calibration of(double[][] probabilities, int... labels) {
        double[] confidences = new double[BINS];
        long[] right = new long[BINS];
        long[] counts = new long[BINS];
        double nll = 0;
        long hits = 0;
        for (int n = 0; n < labels.length; n++) {
            double[] row = probabilities[n];
            int best = 0;
            for (int k = 1; k < row.length; k++) {
                best = row[k] > row[best] ? k : best;
            }
            int bin = Math.min(BINS - 1, (int) (row[best] * BINS));
            confidences[bin] += row[best];
            counts[bin]++;
            if (best == labels[n]) {
                right[bin]++;
                hits++;
            }
            nll -= Math.log(Math.max(SMALLEST, row[labels[n]]));
        }
        double ece = 0;
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            if (counts[b] > 0) {
                ece += Math.abs(right[b] - confidences[b]) / labels.length;
                bins.add(new Bin(confidences[b] / counts[b], (double) right[b] / counts[b], counts[b]));
            }
        }
        return new Calibration(nll / labels.length, (double) hits / labels.length, ece, bins);
    }
}
