package io.squisher.apps.unlearn;

import io.squisher.Counted;
import io.squisher.apps.plan.CommonScale;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Provenance;
import io.squisher.proto.Provenance.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the Fishers of the whole set and of the forget set may be divided by each other: one quantity, one likelihood, one
 * scale, and a forget set that is smaller than the whole.
 *
 * @param whole of all examples; a Squisher will do
 * @param forget of the examples to forget
 */
record ForgettingCheck(NamedFisher whole, NamedFisher forget) {
    /** An accumulator of a mean loss, times the batch, estimates the mean of squares at the data's labels. */
    private static final Set<Kind> AT_THE_LABELS = Set.of(Kind.EMPIRICAL, Kind.ACCUMULATOR);

    private static final Set<Kind> UNDER_THE_MODEL = Set.of(Kind.EXACT, Kind.SAMPLED);

    /** Kinds that say nothing of what was squared. */
    private static final Set<Kind> ANY = Set.of(Kind.COMBINED, Kind.KIND_UNSPECIFIED, Kind.UNRECOGNIZED);

    void check(FisherScale scale, Problems problems) {
        Provenance one = whole.diagonal().provenance();
        Provenance other = forget.diagonal().provenance();
        if (other.getKind() == Kind.ACCUMULATOR) {
            problems.add(
                    "'" + forget.label() + "' is an accumulator, which averages over what was trained on; compute the"
                            + " forget set's Fisher with 'squisher fisher --data FORGET'");
        } else if (!alike(one.getKind(), other.getKind())) {
            problems.add("'" + whole.label() + "' is of the kind " + whole.kind() + " and '" + forget.label()
                    + "' of the kind " + forget.kind()
                    + ", and their quotient means nothing; compute both with one --kind");
        }
        if (!one.getLikelihood().isEmpty()
                && !other.getLikelihood().isEmpty()
                && !one.getLikelihood().equals(other.getLikelihood())) {
            problems.add("'" + whole.label() + "' has the likelihood " + one.getLikelihood() + " and '" + forget.label()
                    + "' " + other.getLikelihood() + "; compute both with one --likelihood");
        }
        if (whole.dataSize() > 0 && forget.dataSize() >= whole.dataSize()) {
            problems.add("the forget set is a part of the whole set, and '" + forget.label() + "' is of "
                    + Counted.of(forget.dataSize(), "example") + ", '" + whole.label() + "' of " + whole.dataSize()
                    + "; are they in each other's place?");
        }
        CommonScale.check(List.of(whole, forget), scale, problems);
    }

    private static boolean alike(Kind one, Kind other) {
        return one == other
                || ANY.contains(one)
                || ANY.contains(other)
                || AT_THE_LABELS.contains(one) && AT_THE_LABELS.contains(other)
                || UNDER_THE_MODEL.contains(one) && UNDER_THE_MODEL.contains(other);
    }

    /**
     * The most that F_forget / F_all can be where the whole set holds the forget set and both are means over single examples:
     * F_all ≥ (n / N) F_forget. None where that is not known.
     */
    Optional<Double> largestPossibleRatio() {
        Kind kind = whole.diagonal().provenance().getKind();
        boolean means =
                kind == forget.diagonal().provenance().getKind() && (kind == Kind.EMPIRICAL || kind == Kind.EXACT);
        return means && whole.dataSize() > 0 && forget.dataSize() > 0
                ? Optional.of((double) whole.dataSize() / forget.dataSize())
                : Optional.empty();
    }
}
