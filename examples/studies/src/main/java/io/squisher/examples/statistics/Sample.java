package io.squisher.examples.statistics;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Numbers measured with different seeds.
 *
 * @param values one a seed, at least one
 */
public record Sample(double... values) {
    public Sample {
        if (values.length == 0) {
            throw new IllegalArgumentException("a sample has at least one value");
        }
        values = values.clone();
    }

    public static Sample of(Collection<Double> values) {
        return new Sample(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** One number of each. */
    public static <T> Sample of(Collection<T> all, ToDoubleFunction<T> number) {
        return new Sample(all.stream().mapToDouble(number).toArray());
    }

    @Override
    public double[] values() {
        return values.clone();
    }

    public double mean() {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Standard error of the mean, s/√n with the unbiased variance s²; NaN for a single value. */
    public double standardError() {
        double mean = mean();
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.length - 1) / values.length);
    }

    public double median() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** This minus {@code other}, seed by seed. */
    public Sample minus(Sample other) {
        double[] differences = new double[values.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = values[i] - other.values[i];
        }
        return new Sample(differences);
    }

    /** Mean and standard error with so many decimals: {@code 84.1 ± 0.6}. */
    public String text(int decimals) {
        String number = "%." + decimals + "f";
        return values.length == 1
                ? String.format(Locale.ROOT, number, mean())
                : String.format(Locale.ROOT, number + " ± " + number, mean(), standardError());
    }
}
