package io.squisher.onnx.training;

/**
 * A step of a training.
 *
 * @param epoch from 1 on
 * @param step from 1 on
 * @param loss the mean of the step's examples, without penalties, in nats
 * @param metric accuracy or error of the step's examples
 * @param penalty the value of the penalties before the step; 0 without
 * @param norm of the gradient of all parameters together before clipping
 * @param learningRate of the step
 * @param examples seen in the epoch so far
 */
public record StepReport(
        int epoch,
        long step,
        double loss,
        double metric,
        double penalty,
        double norm,
        double learningRate,
        long examples) {}
