package io.squisher.apps.cli.command.laplace;

import io.squisher.apps.laplace.Posterior;

/** Predictions under a posterior over some weights. */
interface Predictive {
    /** The probabilities of the classes for each example of a part of the data. */
    double[][] probabilities(Posterior posterior, Part part);

    /** The names of the tensors that the posterior is over, in their order. */
    java.util.List<String> tensors();

    /** How it is done, in a few words. */
    String words();

    /** The prior precisions that are tried: powers of ten between two exponents, so many in each. */
    Grid grid();

    /** Which examples. */
    enum Part {
        VALIDATION,
        TEST
    }

    /**
     * Numbers at equal distances in their logarithm.
     *
     * @param first exponent of ten of the smallest
     * @param last exponent of ten of the largest
     * @param steps in each power of ten
     */
    record Grid(int first, int last, int steps) {
        double[] values() {
            double[] values = new double[(last - first) * steps + 1];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.pow(10, first + (double) i / steps);
            }
            return values;
        }
    }
}
