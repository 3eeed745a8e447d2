package io.squisher.apps.taskembedding;

import java.util.Arrays;

/**
 * Distances between embeddings a and b, as Task2Vec offers them. Those that need 1/F raise entries to at least a
 * millionth of the vector's mean, so that a group without any gradient does not decide alone.
 */
public enum Distance {
    /** 1 − cos(a/(a+b), b/(a+b)): the default, without a scale if one factor is on both; groups where both are 0 do not count. */
    COSINE {
        @Override
        public double between(double[] a, double[] b) {
            double[] shareA = new double[a.length];
            double[] shareB = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                double sum = a[i] + b[i];
                shareA[i] = sum > 0 ? a[i] / sum : 0;
                shareB[i] = sum > 0 ? b[i] / sum : 0;
            }
            return 1 - cosine(shareA, shareB);
        }
    },
    /** 1 − cos(1/a, 1/b): of the variances that the Fishers stand for. */
    NORMALIZED_COSINE {
        @Override
        public double between(double[] a, double[] b) {
            return 1 - cosine(variances(a), variances(b));
        }
    },
    /** Σ max(KL(a‖b), KL(b‖a)) per group, between Gaussians of variances 1/a and 1/b around one mean. */
    KL {
        @Override
        public double between(double[] a, double[] b) {
            double[] varianceA = variances(a);
            double[] varianceB = variances(b);
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += Math.max(kl(varianceA[i], varianceB[i]), kl(varianceB[i], varianceA[i]));
            }
            return sum;
        }
    },
    /** Σ KL(a‖b): from a to b, not symmetric. */
    ASYMMETRIC_KL {
        @Override
        public double between(double[] a, double[] b) {
            double[] varianceA = variances(a);
            double[] varianceB = variances(b);
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += kl(varianceA[i], varianceB[i]);
            }
            return sum;
        }
    },
    /** Mean over the groups of ½ (KL(a‖m) + KL(b‖m)), m the Gaussian of the mean variance. */
    JSD {
        @Override
        public double between(double[] a, double[] b) {
            double[] varianceA = variances(a);
            double[] varianceB = variances(b);
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                double middle = (varianceA[i] + varianceB[i]) / 2;
                sum += (kl(varianceA[i], middle) + kl(varianceB[i], middle)) / 2;
            }
            return sum / a.length;
        }
    },
    /** 1 − Pearson's correlation of a and b. */
    CORRELATION {
        @Override
        public double between(double[] a, double[] b) {
            return 1 - cosine(centred(a), centred(b));
        }
    };

    private static final double SMALLEST_SHARE = 1e-6;

    /**
     * The distance; 0 for equal vectors, NaN where a vector is 0 everywhere.
     *
     * @param a not negative
     * @param b of the same length
     */
    public abstract double between(double[] a, double[] b);

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
