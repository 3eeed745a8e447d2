package io.squisher.fisher;

import io.squisher.proto.Accumulator;
import io.squisher.proto.OptimizerGroup;
import io.squisher.proto.Provenance;
import java.util.Locale;

/** A provenance in a few words, for whoever looks at a value. */
public final class ProvenanceText {
    private ProvenanceText() {}

    /**
     * One line: {@code exact Fisher over 48 examples}, or {@code accumulator of Adam (v), decay 0.999, step 600, batch of 32}.
     */
    public static String of(Provenance provenance) {
        return switch (provenance.getKind()) {
            case KIND_UNSPECIFIED, UNRECOGNIZED -> "Fisher of unknown kind";
            case ACCUMULATOR -> {
                String several = provenance.getOptimizerGroupsList().stream()
                        .map(OptimizerGroup::getAccumulator)
                        .map(ProvenanceText::words)
                        .reduce((first, second) -> first + "; " + second)
                        .orElseGet(() -> words(provenance.getAccumulator()));
                yield "accumulator of " + several;
            }
            case ABSOLUTE -> "mean absolute gradients" + examples(provenance);
            case EMPIRICAL, EXACT, SAMPLED, JOINT, COMBINED ->
                provenance.getKind().name().toLowerCase(Locale.ROOT) + " Fisher" + examples(provenance);
        };
    }

    private static String examples(Provenance provenance) {
        long count = provenance.getExampleCount();
        return count > 0 ? " over " + count + " examples" : "";
    }

    private static String words(Accumulator facts) {
        return (facts.getOptimizer().isEmpty() ? "an unknown optimizer" : facts.getOptimizer())
                + (facts.getSlot().isEmpty() ? "" : " (" + facts.getSlot() + ")")
                + (facts.hasDecay() ? ", decay " + DecayText.of(facts.getDecay()) : "")
                + (facts.hasStep() ? ", step " + facts.getStep() : ", step unknown")
                + (facts.getBatchSize() > 0 ? ", batch of " + facts.getBatchSize() : ", batch size unknown");
    }
}
