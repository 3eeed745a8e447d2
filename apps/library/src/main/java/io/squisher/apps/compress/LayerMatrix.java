package io.squisher.apps.compress;

import java.util.Arrays;
import java.util.Optional;

/**
 * The weights of a linear layer in float64, and what they matter.
 *
 * @param inputs rows
 * @param outputs columns
 * @param weights [inputs, outputs], row by row
 * @param fisher of the same order, not negative; none where all weights count alike
 */
record LayerMatrix(int inputs, int outputs, double[] weights, Optional<double[]> fisher) {
    /** Where a row or column has no Fisher, it counts as if it had this share of the mean. */
    private static final double LEAST_SHARE = 1e-6;

    /** As stored, with the axes exchanged if the outputs come first. */
    static double[] inputsFirst(double[] stored, int inputs, int outputs, int inputAxis) {
        if (inputAxis == 0) {
            return stored;
        }
        double[] turned = new double[stored.length];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                turned[input * outputs + output] = stored[output * inputs + input];
            }
        }
        return turned;
    }

    /** √ of the mean Fisher of each row. */
    double[] rowImportance() {
        double[] sums = new double[inputs];
        fisher.ifPresent(entries -> {
            for (int i = 0; i < entries.length; i++) {
                sums[i / outputs] += entries[i] / outputs;
            }
        });
        return roots(sums);
    }

    /** √ of the mean Fisher of each column. */
    double[] columnImportance() {
        double[] sums = new double[outputs];
        fisher.ifPresent(entries -> {
            for (int i = 0; i < entries.length; i++) {
                sums[i % outputs] += entries[i] / inputs;
            }
        });
        return roots(sums);
    }

    /**
     * Ones where there is nothing to tell rows apart. A row without any Fisher is not free to become anything: its factor is
     * divided out again, and products of float32 would lose what the others need.
     */
    private static double[] roots(double[] means) {
        double mean = Arrays.stream(means).average().orElse(0);
        if (!(mean > 0)) {
            return ones(means.length);
        }
        double[] roots = new double[means.length];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = Math.sqrt(Math.max(means[i] / mean, LEAST_SHARE));
        }
        return roots;
    }

    static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
