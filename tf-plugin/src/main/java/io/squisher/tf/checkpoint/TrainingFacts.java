package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.proto.Provenance.Reduction;
import io.squisher.tf.graph.Given;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What only the training loop knows about its steps.
 *
 * @param batchSize examples in one optimizer step
 * @param datasetSize examples in the training set
 * @param lossReduction how the loss combines a batch's examples
 * @param penaltyActive whether the loss contains a penalty beside the data's loss; empty where unknown
 * @param lossScale the factor on the loss whose gradients reach the optimizer; empty for 1
 */
record TrainingFacts(
        OptionalLong batchSize,
        OptionalLong datasetSize,
        Reduction lossReduction,
        Optional<Boolean> penaltyActive,
        OptionalDouble lossScale) {

    static final TrainingFacts DEFAULT = new TrainingFacts(
            OptionalLong.empty(), OptionalLong.empty(), Reduction.MEAN, Optional.empty(), OptionalDouble.empty());

    /** More examples than any data set has: a number above it is an accident. */
    private static final long MOST_EXAMPLES = 1_000_000_000_000_000L;

    TrainingFacts {
        if (batchSize.isPresent() && datasetSize.isPresent() && batchSize.getAsLong() > datasetSize.getAsLong()) {
            throw new SquisherException("the batch size " + batchSize.getAsLong() + " is above the data set size "
                    + datasetSize.getAsLong()
                    + "; batchSize counts the examples of one optimizer step, datasetSize those"
                    + " of the training set");
        }
    }

    TrainingFacts withBatchSize(long examples) {
        return new TrainingFacts(
                OptionalLong.of(count("batch size", examples)), datasetSize, lossReduction, penaltyActive, lossScale);
    }

    TrainingFacts withDatasetSize(long examples) {
        return new TrainingFacts(
                batchSize, OptionalLong.of(count("data set size", examples)), lossReduction, penaltyActive, lossScale);
    }

    TrainingFacts withLossReduction(Reduction reduction) {
        if (Given.notNull(reduction, "the loss reduction") != Reduction.MEAN && reduction != Reduction.SUM) {
            throw new SquisherException("the loss reduction is MEAN or SUM, not " + reduction);
        }
        return new TrainingFacts(batchSize, datasetSize, reduction, penaltyActive, lossScale);
    }

    TrainingFacts withPenaltyActive(boolean active) {
        return new TrainingFacts(batchSize, datasetSize, lossReduction, Optional.of(active), lossScale);
    }

    TrainingFacts withLossScale(double scale) {
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new SquisherException("the loss scale is a number above 0, not " + scale);
        }
        OptionalDouble given = scale == 1 ? OptionalDouble.empty() : OptionalDouble.of(scale);
        return new TrainingFacts(batchSize, datasetSize, lossReduction, penaltyActive, given);
    }

    private static long count(String what, long examples) {
        if (examples < 1 || examples > MOST_EXAMPLES) {
            throw new SquisherException(
                    "the " + what + " is a number from 1 to " + MOST_EXAMPLES + ", not " + examples);
        }
        return examples;
    }
}
