package io.squisher.apps.quantization;

import io.squisher.SquisherException;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.fisher.FisherScale;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a precision plan may choose from, and how.
 *
 * @param budget bits a weight on average over the tensors that are rounded, scales, zero points and tables included; above 0
 * @param method by what the plan chooses
 * @param candidates the formats; that a tensor stays as it is stored is always a choice
 * @param scale what accumulators are multiplied by; the plan does not change under one factor, the expected loss does
 * @param exclude parameters in whose name this is found stay as they are and are not counted
 * @param allowOtherModel whether a Fisher made for other weights of the same shapes is taken
 */
public record PrecisionOptions(
        double budget,
        PlanMethod method,
        List<Candidate> candidates,
        FisherScale scale,
        Optional<Pattern> exclude,
        boolean allowOtherModel) {
    public PrecisionOptions {
        if (!(budget > 0 && budget <= Double.MAX_VALUE)) {
            throw new SquisherException("a budget is a number of bits a weight above 0, not " + budget);
        }
        Set<Candidate> all = new LinkedHashSet<>(List.of(Candidate.STORED));
        all.addAll(candidates);
        candidates = List.copyOf(all);
    }

    /** The plan by the Fisher over the usual formats. */
    public static PrecisionOptions ofBudget(double budget) {
        return new PrecisionOptions(
                budget, PlanMethod.FISHER, Candidate.usual(), FisherScale.BATCH_IF_KNOWN, Optional.empty(), false);
    }
}
