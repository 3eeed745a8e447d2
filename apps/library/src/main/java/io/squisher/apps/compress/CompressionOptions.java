package io.squisher.apps.compress;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherScale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far linear layers are compressed, and how.
 *
 * @param budget the share of their weights that may stay, above 0 and at most 1
 * @param scale what accumulators are multiplied by; no rank changes under one factor, the expected loss does
 * @param exclude layers in whose matrix's name this is found stay as they are and are not counted
 * @param allowOtherModel whether a Fisher made for other weights of the same shapes is taken
 */
public record CompressionOptions(
        double budget,
        CompressionMethod method,
        FisherScale scale,
        Optional<Pattern> exclude,
        boolean allowOtherModel) {
    public CompressionOptions {
        if (!(budget > 0 && budget <= 1)) {
            throw new SquisherException(
                    "a budget is the share of the weights that stay, above 0 and at most 1, not " + budget);
        }
    }

    /** All linear layers of a model with its own Fisher. */
    public CompressionOptions(double budget, CompressionMethod method) {
        this(budget, method, FisherScale.BATCH_IF_KNOWN, Optional.empty(), false);
    }
}
