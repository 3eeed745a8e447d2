package io.squisher.onnx.evaluation;

import java.util.Optional;

/**
 * How good a model is.
 *
 * @param metric what {@code value} is: {@code accuracy}, a share of the labels from 0 to 1, or {@code rmse}, the root of
 *     the mean squared error in the labels' unit
 * @param logLikelihood mean over the examples, in nats
 * @param examples how many were looked at
 * @param confusion which classes were taken for which; empty for other likelihoods than categorical ones, and for more classes
 *     than {@link Confusion#MOST_CLASSES}
 */
public record Scores(String metric, double value, double logLikelihood, long examples, Optional<Confusion> confusion) {}
