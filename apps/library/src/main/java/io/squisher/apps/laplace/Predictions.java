package io.squisher.apps.laplace;

import io.squisher.SquisherException;

/**
 * What a classifier says of labelled examples.
 *
 * @param logits a row for each label, one number for each class; not copied
 * @param labels the class of each, from 0; not copied
 */
public record Predictions(double[][] logits, int[] labels) {
    public Predictions {
        if (logits.length == 0 || logits.length != labels.length) {
            throw new SquisherException("predictions need one label for each, and at least one: there are "
                    + logits.length + " predictions and " + labels.length + " labels");
        }
    }

    /** The probabilities under a temperature T: softmax(f / T). */
    public double[][] probabilities(double temperature) {
        double[][] probabilities = new double[logits.length][];
        for (int n = 0; n < logits.length; n++) {
            double[] scaled = logits[n].clone();
            for (int k = 0; k < scaled.length; k++) {
                scaled[k] /= temperature;
            }
            probabilities[n] = softmax(scaled);
        }
        return probabilities;
    }

    /**
     * The probabilities where logits are normal and independent, as MacKay's approximation has them (MacKay 1992; several
     * classes as in Daxberger et al. 2021, "Laplace Redux", equation 10): softmax(f_k / √(1 + π/8 v_k)).
     *
     * @param variances v, of the shape of the logits
     */
    public double[][] probabilities(double[][] variances) {
        double[][] probabilities = new double[logits.length][];
        for (int n = 0; n < logits.length; n++) {
            double[] scaled = logits[n].clone();
            for (int k = 0; k < scaled.length; k++) {
                scaled[k] /= Math.sqrt(1 + Math.PI / 8 * variances[n][k]);
            }
            probabilities[n] = softmax(scaled);
        }
        return probabilities;
    }

    /** e^f over its sum, without overflow. */
    public static double[] softmax(double... logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] shares = new double[logits.length];
        double sum = 0;
        for (int k = 0; k < logits.length; k++) {
            shares[k] = Math.exp(logits[k] - largest);
            sum += shares[k];
        }
        for (int k = 0; k < logits.length; k++) {
            shares[k] /= sum;
        }
        return shares;
    }
}
