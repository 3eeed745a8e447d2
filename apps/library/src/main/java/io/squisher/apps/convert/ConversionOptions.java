package io.squisher.apps.convert;

import io.squisher.SquisherException;
import io.squisher.proto.Provenance;
import java.util.List;
import java.util.Optional;

/**
 * What the user adds to what the checkpoint says.
 *
 * @param batchSize examples in one optimizer step, over all devices and accumulated gradients
 * @param datasetSize examples in the training set
 * @param lossReduction how the loss combined the examples of a batch
 * @param decay the average's decay, where the file does not say it
 * @param step optimizer steps, where the file does not say them
 * @param names the parameters in the optimizer's order
 * @param assumeOrder whether the order in the model's file is the optimizer's
 * @param stripPrefix what is taken from the beginnings of the names, with its point
 */
public record ConversionOptions(
        Optional<Long> batchSize,
        Optional<Long> datasetSize,
        Optional<Provenance.Reduction> lossReduction,
        Optional<Double> decay,
        Optional<Long> step,
        Optional<List<String>> names,
        boolean assumeOrder,
        Optional<String> stripPrefix) {
    public ConversionOptions {
        requireCount("batch size", batchSize);
        requireCount("data set size", datasetSize);
        requireCount("number of steps", step);
        decay.filter(factor -> !(factor > 0 && factor <= 1)).ifPresent(factor -> {
            throw new SquisherException("a decay is above 0 and at most 1, not " + factor);
        });
    }

    private static void requireCount(String what, Optional<Long> count) {
        count.filter(number -> number < 1).ifPresent(number -> {
            throw new SquisherException("a " + what + " is at least 1, not " + number);
        });
    }

    /** Nothing is added. */
    public static ConversionOptions none() {
        return new ConversionOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }
}
