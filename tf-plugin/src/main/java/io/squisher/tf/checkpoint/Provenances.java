package io.squisher.tf.checkpoint;

import io.squisher.Version;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The provenance of an accumulator that was read from a session. */
final class Provenances {
    private Provenances() {}

    /**
     * Joins what the loop, the graph and the weights say.
     *
     * @param optimizer what the graph says of the accumulator
     * @param weightsHash hash of the parameters of the same step
     */
    static Provenance of(TrainingFacts facts, Accumulator optimizer, String weightsHash) {
        Accumulator.Builder accumulator =
                optimizer.toBuilder().setLossReduction(facts.lossReduction()).setBiasCorrected(false);
        facts.batchSize().ifPresent(accumulator::setBatchSize);
        facts.datasetSize().ifPresent(accumulator::setDatasetSize);
        facts.penaltyActive().ifPresent(accumulator::setPenaltyActive);
        return Provenance.newBuilder()
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setReduction(Provenance.Reduction.MEAN)
                .setAccumulator(accumulator)
                .setWeightsHash(weightsHash)
                .setToolVersion(Version.text())
                .setCreated(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .build();
    }
}
