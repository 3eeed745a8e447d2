package io.squisher.apps.laplace;

/** The temperature under which a classifier's logits explain labels best (temperature scaling, Guo et al. 2017). */
public final class Temperature {
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double COLDEST = -5;
    private static final double WARMEST = 5;
    private static final int STEPS = 60;

    private Temperature() {}

    /** The T with the smallest mean −log p, between e⁻⁵ and e⁵; it is convex in 1/T, and so has one minimum in log T. */
    public static double fit(Predictions predictions) {
        double low = COLDEST;
        double high = WARMEST;
        for (int step = 0; step < STEPS; step++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (nll(predictions, left) <= nll(predictions, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return Math.exp((low + high) / 2);
    }

    private static double nll(Predictions predictions, double logTemperature) {
        return Calibration.of(predictions.probabilities(Math.exp(logTemperature)), predictions.labels())
                .nll();
    }
}
