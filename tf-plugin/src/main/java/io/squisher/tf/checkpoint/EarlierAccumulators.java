package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Refuses to replace the accumulators of another hook of the same graph: the pair would lose them without a sign. */
final class EarlierAccumulators {
    private EarlierAccumulators() {}

    /**
     * Looks at the file that is about to be replaced.
     *
     * @param variables the names of all variables of the graph
     * @throws SquisherException if the file has accumulators of other variables of the graph, or of another optimizer at the
     *     same weights
     */
    static void check(Path file, FisherDiagonal next, Set<String> variables) {
        if (!Files.exists(file)) {
            return;
        }
        try (FisherFile earlier = FisherFile.open(file)) {
            refusal(earlier.diagonal(), next, variables).ifPresent(lost -> {
                throw new SquisherException(
                        "'" + file + "' holds " + lost + ", which this save would lose: attach one hook"
                                + " to all training operations (Squisher.attach(body, head)), save under another prefix, or remove"
                                + " the file");
            });
        } catch (io.squisher.files.FormatException e) {
            // What cannot be read is nobody's accumulators any more.
            return;
        }
    }

    private static Optional<String> refusal(FisherDiagonal earlier, FisherDiagonal next, Set<String> variables) {
        List<String> lost = earlier.names().stream()
                .filter(name -> variables.contains(name) && !next.names().contains(name))
                .toList();
        if (!lost.isEmpty()) {
            String more = lost.size() == 1 ? "" : " and " + (lost.size() - 1) + " more";
            return Optional.of("the accumulators of '" + lost.get(0) + "'" + more + " from another hook of this graph");
        }
        boolean sameWeights =
                earlier.provenance().getWeightsHash().equals(next.provenance().getWeightsHash());
        return earlier.names().stream()
                .filter(name -> sameWeights && !isSame(name, earlier.provenance(), next.provenance()))
                .findFirst()
                .map(name -> "the accumulators of "
                        + OptimizerGroups.accumulatorOf(earlier.provenance(), name)
                                .getOptimizer() + " at the same weights");
    }

    private static boolean isSame(String name, Provenance earlier, Provenance next) {
        Accumulator a = OptimizerGroups.accumulatorOf(earlier, name);
        Accumulator b = OptimizerGroups.accumulatorOf(next, name);
        return a.getOptimizer().equals(b.getOptimizer()) && a.getSlot().equals(b.getSlot());
    }
}
