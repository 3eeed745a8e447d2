package io.squisher.onnx.training;

import io.squisher.SquisherException;
import java.util.OptionalInt;

/**
 * How a training goes over its examples.
 *
 * @param epochs at least 1
 * @param batchSize examples of one run
 * @param accumulate runs whose gradients make one step
 * @param patience epochs without a better validation loss before it stops; empty for all epochs
 */
record LoopChoice(int epochs, int batchSize, int accumulate, long seed, OptionalInt patience) {
    LoopChoice {
        atLeastOne("epochs", epochs);
        atLeastOne("examples of a batch", batchSize);
        atLeastOne("batches of a step", accumulate);
        patience.ifPresent(value -> atLeastOne("epochs of patience", value));
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) {
            throw new SquisherException("the " + what + " are at least 1, not " + value);
        }
    }

    /** Examples of one step. */
    long effectiveBatch() {
        return (long) batchSize * accumulate;
    }
}
