package io.squisher.onnx.fisher;

import io.squisher.proto.SamplingError;
import java.util.Optional;

/**
 * Whether a Fisher is known well enough: the relative standard error of each tensor ({@link SamplingErrors}) is below a bound.
 *
 * <p>An estimate of the error from a few pieces is now and then far too small, and to look after every piece is to wait for that;
 * so the rule holds after {@value #LEAST_PIECES} pieces at the earliest.
 */
record StoppingRule(double bound) {
    static final int LEAST_PIECES = 16;

    /** Whether it holds, by the errors so far, if there are any. */
    boolean holds(Optional<SamplingError> known) {
        return known.filter(errors -> errors.getPieces() >= LEAST_PIECES)
                .map(errors -> errors.getRelativeMap().values().stream().allMatch(error -> error < bound))
                .orElse(false);
    }
}
