package io.squisher.examples.statistics;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * Student's paired t-test that two methods, measured with the same seeds, differ in their mean.
 *
 * @param difference first minus second, seed by seed
 */
public record PairedTest(Sample difference) {
    public static PairedTest of(Sample first, Sample second) {
        return new PairedTest(first.minus(second));
    }

    /** Two-sided probability of a difference at least as large by chance; NaN for fewer than two seeds. */
    public double p() {
        int seeds = difference.values().length;
        if (seeds < 2) {
            return Double.NaN;
        }
        double error = difference.standardError();
        if (error == 0) {
            return difference.mean() == 0 ? 1 : 0;
        }
        double t = Math.abs(difference.mean() / error);
        return 2 * new TDistribution(null, seeds - 1.0).cumulativeProbability(-t);
    }
}
