package io.squisher.apps.plan;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.Rescaling;
import io.squisher.proto.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Diagonals whose sizes are added to each other and so must share one scale: those of UBGM merging and EWC. A computed
 * Fisher is a mean over examples; an accumulator comes near it only as B·v̂.
 */
public final class CommonScale {
    private CommonScale() {}

    /** Reports why these diagonals cannot be added under {@code scale}, if they cannot. */
    public static void check(List<NamedFisher> fishers, FisherScale scale, Problems problems) {
        Set<String> computed = new TreeSet<>();
        Set<String> unscaled = new TreeSet<>();
        Set<Long> batches = new TreeSet<>();
        for (NamedFisher fisher : fishers) {
            Provenance provenance = fisher.diagonal().provenance();
            try {
                Rescaling rescaling = scale.rescaling(provenance, fisher.label());
                if (provenance.getKind() != Provenance.Kind.ACCUMULATOR) {
                    computed.add(fisher.label());
                } else if (scale.equals(FisherScale.NONE)
                        || scale.equals(FisherScale.DATASET)
                        || rescaling.scaleUnknown()) {
                    unscaled.add(fisher.label());
                    batches.add(
                            scale.equals(FisherScale.DATASET)
                                    ? 0
                                    : provenance.getAccumulator().getBatchSize());
                }
            } catch (SquisherException e) {
                problems.add(e.getMessage());
            }
        }
        if (!computed.isEmpty() && !unscaled.isEmpty()) {
            problems.add("mixed scales: " + FisherCheck.list(computed) + " are means over examples, while "
                    + FisherCheck.list(unscaled) + " are accumulators that --scale " + scale
                    + " does not bring to that scale; use --scale batch (needs their batch size) or a number");
        } else if (batches.size() > 1) {
            problems.add("mixed scales: the accumulators " + FisherCheck.list(unscaled) + " come from batches of "
                    + words(batches) + " examples, and so differ in scale; use --scale batch or a number");
        }
    }

    private static String words(Set<Long> batches) {
        List<String> words = new ArrayList<>();
        batches.forEach(batch -> words.add(batch == 0 ? "an unknown number of" : batch.toString()));
        return String.join(" and ", words);
    }
}
