package io.squisher.examples.report;

import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import io.squisher.report.Figures.Estimate;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;

/** Numbers of several seeds as pages show them. */
public final class Estimates {
    /** What the intervals are, for captions. */
    public static final String INTERVAL = "Mean and 95 % interval (Student's t).";

    private static final double QUANTILE = 0.975;
    private static final double SMALL = 1e-3;

    private Estimates() {}

    /** The mean with its 95 % interval; without one for a single seed. */
    public static Estimate of(Sample sample, int decimals) {
        int seeds = sample.values().length;
        double half = seeds < 2
                ? Double.NaN
                : sample.standardError() * new TDistribution(null, seeds - 1.0).inverseCumulativeProbability(QUANTILE);
        return new Estimate(sample.mean(), sample.mean() - half, sample.mean() + half, sample.text(decimals));
    }

    /** A probability for tables; empty where there is none. */
    public static String probability(double p) {
        return Double.isNaN(p) ? "" : p < SMALL ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /** A difference, with its p where there is one. */
    public static Estimate of(PairedTest test, int decimals) {
        Estimate estimate = of(test.difference(), decimals);
        String sign = estimate.mean() > 0 ? "+" : "";
        String p = Double.isNaN(test.p()) ? "" : ", p " + probability(test.p());
        return new Estimate(estimate.mean(), estimate.low(), estimate.high(), sign + estimate.text() + p);
    }
}
