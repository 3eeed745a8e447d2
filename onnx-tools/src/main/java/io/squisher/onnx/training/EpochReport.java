package io.squisher.onnx.training;

import java.util.Optional;

/**
 * An epoch of a training.
 *
 * @param epoch from 1 on
 * @param step steps done at its end
 * @param training loss and metric of the epoch's examples, each at the weights that it was seen with
 * @param validation loss and metric of the validation data at the end of the epoch; empty where there is none
 * @param best whether no earlier epoch had a lower validation loss; true without validation data
 * @param seconds of the epoch, validation included
 */
public record EpochReport(
        int epoch, long step, Score training, Optional<Score> validation, boolean best, double seconds) {
    /**
     * How well labels are told.
     *
     * @param loss mean over the examples, in nats
     * @param metric accuracy from 0 to 1, or the root of the mean squared error
     */
    public record Score(double loss, double metric) {}
}
