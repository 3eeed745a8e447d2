package io.squisher.apps.unlearn;

/**
 * The rule of selective synaptic dampening (Foster, Schoepf and Brintrup, AAAI 2024, equations 6 and 7), with both Fishers as
 * means over their examples: θ becomes β θ where F_forget > α F_all, with β = min(λ F_all / F_forget, 1).
 *
 * @param alpha above 0
 * @param lambda at least 0
 */
record Dampening(double alpha, double lambda) {
    boolean selects(double whole, double forget) {
        return forget > alpha * whole;
    }

    /** What a selected parameter is multiplied with, 0 to 1. */
    double factor(double whole, double forget) {
        return Math.min(lambda * (whole / forget), 1);
    }
}
