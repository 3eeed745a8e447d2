package io.squisher.apps.prune;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.DecayText;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.proto.Accumulator;
import io.squisher.proto.OptimizerGroup;
import io.squisher.proto.Provenance;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Accumulators that remember too many steps for a high sparsity. {@code docs/when-it-works.md} has the figures: an average under
 * 0.999 pruned worse than the Fisher, an encoder from 50 % on and a convolutional network at 90 %, and that of a last pass did not.
 */
final class LongMemory {
    private static final double SPARSITY = 0.5;
    private static final double DECAY = 0.95;

    /** What a decay loses where it was kept in float32. */
    private static final double ROUNDING = 1e-6;

    private LongMemory() {}

    /** A complete line for the user; empty where nothing is known against the diagonal. */
    static Optional<String> warning(NamedFisher fisher, double sparsity) {
        Provenance provenance = fisher.diagonal().provenance();
        if (sparsity < SPARSITY || provenance.getKind() != Provenance.Kind.ACCUMULATOR) {
            return Optional.empty();
        }
        String memories = OptimizerGroups.of(provenance).stream()
                .map(OptimizerGroup::getAccumulator)
                .filter(LongMemory::isLong)
                .map(LongMemory::words)
                .distinct()
                .collect(Collectors.joining(", "));
        return memories.isEmpty()
                ? Optional.empty()
                : Optional.of("'" + fisher.label() + "' is an accumulator with " + memories
                        + ", and one with 0.999 pruned worse than the Fisher, an encoder from 50 % on, a convolutional network at"
                        + " 90 %; that of a last pass with a learning rate near 0 did not, and magnitude can be better still"
                        + " (docs/when-it-works.md)");
    }

    private static boolean isLong(Accumulator accumulator) {
        return !accumulator.hasDecay() || accumulator.getDecay() > DECAY + ROUNDING;
    }

    private static String words(Accumulator accumulator) {
        return accumulator.hasDecay() ? "decay " + DecayText.of(accumulator.getDecay()) : "no decay that is known";
    }
}
