package io.squisher.onnx.fisher;

/**
 * Whether a Fisher is known well enough: the relative standard error of each tensor ({@link SamplingErrors}) is below a bound.
 *
 * <p>An estimate of the error from a few pieces is now and then far too small, and to look after every piece is to wait for that;
 * so the rule holds after {@value #LEAST_PIECES} pieces at the earliest.
 */
record StoppingRule(double bound) {
    static final int LEAST_PIECES = 16;

    boolean holds(FisherEstimator estimator) {
        return estimator
                .samplingError()
                .filter(errors -> errors.getPieces() >= LEAST_PIECES)
                .map(errors -> errors.getRelativeMap().values().stream().allMatch(error -> error < bound))
                .orElse(false);
    }
}
