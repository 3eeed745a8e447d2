package io.squisher.tf.checkpoint;

import io.squisher.proto.Provenance.Reduction;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What only the training loop knows about its steps.
 *
 * @param batchSize examples in one optimizer step
 * @param datasetSize examples in the training set
 * @param lossReduction how the loss combines a batch's examples
 * @param penaltyActive whether the loss contains a penalty beside the data's loss; empty where unknown
 */
record TrainingFacts(
        OptionalLong batchSize, OptionalLong datasetSize, Reduction lossReduction, Optional<Boolean> penaltyActive) {

    static final TrainingFacts DEFAULT =
            new TrainingFacts(OptionalLong.empty(), OptionalLong.empty(), Reduction.MEAN, Optional.empty());

    TrainingFacts withBatchSize(long examples) {
        return new TrainingFacts(
                OptionalLong.of(positive("batch size", examples)), datasetSize, lossReduction, penaltyActive);
    }

    TrainingFacts withDatasetSize(long examples) {
        return new TrainingFacts(
                batchSize, OptionalLong.of(positive("data set size", examples)), lossReduction, penaltyActive);
    }

    TrainingFacts withLossReduction(Reduction reduction) {
        return new TrainingFacts(batchSize, datasetSize, reduction, penaltyActive);
    }

    TrainingFacts withPenaltyActive(boolean active) {
        return new TrainingFacts(batchSize, datasetSize, lossReduction, Optional.of(active));
    }

    private static long positive(String what, long examples) {
        if (examples < 1) {
            throw new IllegalArgumentException("the " + what + " must be at least 1, it is " + examples);
        }
        return examples;
    }
}
