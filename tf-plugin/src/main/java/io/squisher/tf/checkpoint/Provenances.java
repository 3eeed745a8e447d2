package io.squisher.tf.checkpoint;

import io.squisher.Version;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The provenance of accumulators that were read from a session. */
final class Provenances {
    private Provenances() {}

    /**
     * Joins what the loop, the graph and the weights say.
     *
     * @param optimizers what the graph says of each parameter's accumulator
     * @param notes what a reader should know
     * @param weightsHash hash of the parameters of the same step
     */
    static Provenance of(
            TrainingFacts facts, Map<String, Accumulator> optimizers, List<String> notes, String weightsHash) {
        Map<String, Accumulator> complete = new LinkedHashMap<>();
        optimizers.forEach((name, optimizer) -> complete.put(name, complete(facts, optimizer)));
        Provenance.Builder provenance = Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setReduction(Provenance.Reduction.MEAN)
                .setWeightsHash(weightsHash)
                .setToolVersion(Version.text())
                .setCreated(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .addAllNotes(notes);
        OptimizerGroups.set(provenance, complete);
        return provenance.build();
    }

    private static Accumulator complete(TrainingFacts facts, Accumulator optimizer) {
        Accumulator.Builder accumulator =
                optimizer.toBuilder().setLossReduction(facts.lossReduction()).setBiasCorrected(false);
        facts.batchSize().ifPresent(accumulator::setBatchSize);
        facts.datasetSize().ifPresent(accumulator::setDatasetSize);
        facts.lossScale().ifPresent(accumulator::setLossScale);
        if (!accumulator.hasPenaltyActive()) {
            facts.penaltyActive().ifPresent(accumulator::setPenaltyActive);
        }
        return accumulator.build();
    }
}
