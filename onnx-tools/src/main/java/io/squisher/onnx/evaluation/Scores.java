package io.squisher.onnx.evaluation;

/**
 * How good a model is.
 *
 * @param metric what {@code value} is: {@code accuracy}, a share of the labels from 0 to 1, or {@code rmse}, the root of
 *     the mean squared error in the labels' unit
 * @param logLikelihood mean over the examples, in nats
 * @param examples how many were looked at
 */
public record Scores(String metric, double value, double logLikelihood, long examples) {}
