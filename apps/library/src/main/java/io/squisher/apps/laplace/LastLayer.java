package io.squisher.apps.laplace;

/**
 * A linear layer f = W h + b at the end of a classifier, under independent normal weights. The model is linear in them, so that
 * its logits are normal, with v_k = Σ_j h_j² / p_kj + 1 / q_k under precisions p of W and q of b; nothing is approximated.
 *
 * @param weights the Fisher of W: {@code [class][feature]}; not copied
 * @param bias the Fisher of b; empty where there is none
 */
public record LastLayer(double[][] weights, double[] bias) {
    /**
     * The variances of the logits.
     *
     * @param features h of each example
     */
    public double[][] variances(double[][] features, Posterior posterior) {
        int classes = weights.length;
        double[][] ofWeights = new double[classes][];
        double[] ofBias = new double[classes];
        for (int k = 0; k < classes; k++) {
            ofWeights[k] = new double[weights[k].length];
            for (int j = 0; j < weights[k].length; j++) {
                ofWeights[k][j] = 1 / posterior.precision(weights[k][j]);
            }
            ofBias[k] = bias.length == 0 ? 0 : 1 / posterior.precision(bias[k]);
        }
        double[][] variances = new double[features.length][classes];
        for (int n = 0; n < features.length; n++) {
            for (int k = 0; k < classes; k++) {
                double sum = ofBias[k];
                for (int j = 0; j < ofWeights[k].length; j++) {
                    sum += features[n][j] * features[n][j] * ofWeights[k][j];
                }
                variances[n][k] = sum;
            }
        }
        return variances;
    }
}
