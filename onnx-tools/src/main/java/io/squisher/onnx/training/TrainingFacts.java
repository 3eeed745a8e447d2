package io.squisher.onnx.training;

/**
 * What a training is about to do.
 *
 * @param parameters how many are trained
 * @param elements of them altogether
 * @param frozen parameters that keep their values
 * @param examples in an epoch
 * @param steps of the whole training
 * @param stepsDone before this run, of a training that goes on
 * @param metric what the reports' metric is: {@code accuracy}, a share from 0 to 1, or {@code rmse}
 */
public record TrainingFacts(
        int parameters, long elements, int frozen, long examples, long steps, long stepsDone, String metric) {}
