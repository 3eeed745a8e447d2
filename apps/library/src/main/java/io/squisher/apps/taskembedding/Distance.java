package io.squisher.apps.taskembedding;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleBiFunction;

/**
 * Distances from one embedding a to another, b, as Task2Vec offers them, and more cosines and a plain correlation. Those that
 * need variances 1/F raise entries to at least a millionth of the vector's mean, so that a group without any gradient does not
 * decide alone.
 */
public enum Distance {
    /** 1 − cos(a/(a+b), b/(a+b)): the default; groups where both are 0 do not count. */
    COSINE((a, b) -> 1 - cosine(shares(a, b), shares(b, a))),
    /** 1 − cos(a, b): the largest groups decide. */
    PLAIN_COSINE((a, b) -> 1 - cosine(a, b)),
    /**
     * {@link #COSINE}(a, b) − 0.15 {@link #COSINE}(a, t): to a target b from a source a, which is the better the farther it is
     * from a trivial task t (the form of Achille et al. 2019). t is as sensitive in every group, a's mean. Can be negative.
     */
    ASYMMETRIC_COSINE((a, b) -> COSINE.between(a, b) - 0.15 * COSINE.between(a, trivial(a))),
    /** 1 − cos(1/a, 1/b): of the variances that the Fishers stand for. */
    NORMALIZED_COSINE((a, b) -> 1 - cosine(variances(a), variances(b))),
    /** Σ max(KL(a‖b), KL(b‖a)) per group, between Gaussians of variances 1/a and 1/b around one mean. */
    KL((a, b) -> overVariances(a, b, (p, q) -> Math.max(kl(p, q), kl(q, p)))),
    /** Σ KL(a‖b): from a to b, not symmetric. */
    ASYMMETRIC_KL((a, b) -> overVariances(a, b, Distance::kl)),
    /** Mean over the groups of ½ (KL(a‖m) + KL(b‖m)), m the Gaussian of the mean variance. */
    JSD((a, b) -> overVariances(a, b, (p, q) -> (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2) / a.length),
    /** 1 − Pearson's correlation of a and b. */
    PLAIN_CORRELATION((a, b) -> 1 - cosine(centred(a), centred(b))),
    /** 1 − Pearson's correlation of the variances 1/a and 1/b. */
    CORRELATION((a, b) -> 1 - cosine(centred(variances(a)), centred(variances(b)))),
    /**
     * ln 2 − the mean entropy of the shares a/(a+b) and b/(a+b): how far they are from one half. Groups where both are 0 do not
     * count.
     */
    ENTROPY(Distance::lackingEntropy);

    private static final double SMALLEST_SHARE = 1e-6;

    private final ToDoubleBiFunction<double[], double[]> measure;

    Distance(ToDoubleBiFunction<double[], double[]> measure) {
        this.measure = measure;
    }

    /**
     * The distance; 0 for equal vectors (but for {@link #ASYMMETRIC_COSINE}), NaN where a vector is 0 everywhere.
     *
     * @param a not negative, but for {@link #PLAIN_COSINE}
     * @param b of the same length
     */
    public double between(double[] a, double[] b) {
        return measure.applyAsDouble(a, b);
    }

    /** Whether exchanging the vectors changes nothing. */
    public boolean isSymmetric() {
        return this != ASYMMETRIC_KL && this != ASYMMETRIC_COSINE;
    }

    /** a/(a+b), 0 where both are 0. */
    private static double[] shares(double[] a, double[] b) {
        double[] shares = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            shares[i] = a[i] == 0 ? 0 : a[i] / (a[i] + b[i]);
        }
        return shares;
    }

    private static double lackingEntropy(double[] a, double[] b) {
        double sum = 0;
        int counted = 0;
        for (int i = 0; i < a.length; i++) {
            if (a[i] + b[i] > 0) {
                sum += Math.log(2) + timesLogarithm(a[i] / (a[i] + b[i])) + timesLogarithm(b[i] / (a[i] + b[i]));
                counted++;
            }
        }
        return sum / counted;
    }

    private static double timesLogarithm(double share) {
        return share == 0 ? 0 : share * Math.log(share);
    }

    private static double[] trivial(double... values) {
        double[] trivial = new double[values.length];
        Arrays.fill(trivial, Arrays.stream(values).average().orElse(Double.NaN));
        return trivial;
    }

    private static double overVariances(double[] a, double[] b, DoubleBinaryOperator term) {
        double[] varianceA = variances(a);
        double[] varianceB = variances(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += term.applyAsDouble(varianceA[i], varianceB[i]);
        }
        return sum;
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        double unitA = 1 / largest(a);
        double unitB = 1 / largest(b);
        for (int i = 0; i < a.length; i++) {
            double x = a[i] * unitA;
            double y = b[i] * unitB;
            product += x * y;
            squaresA += x * x;
            squaresB += y * y;
        }
        return Math.max(-1, Math.min(1, product / Math.sqrt(squaresA) / Math.sqrt(squaresB)));
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(Double.NaN);
    }

    private static double[] variances(double[] values) {
        double smallest = SMALLEST_SHARE * Arrays.stream(values).average().orElse(Double.NaN);
        return Arrays.stream(values).map(value -> 1 / Math.max(value, smallest)).toArray();
    }

    private static double[] centred(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }

    /** KL divergence of two Gaussians with one mean, from variance p to variance q. */
    private static double kl(double p, double q) {
        return (p / q - 1 - Math.log(p / q)) / 2;
    }
}
