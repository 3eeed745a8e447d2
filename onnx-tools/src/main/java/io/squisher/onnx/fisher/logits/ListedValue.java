package io.squisher.onnx.fisher.logits;

/**
 * A floating-point value of a graph that a likelihood can be of.
 *
 * @param operator what makes it
 * @param shape as {@code [N, 10]}; a question mark where a dimension is not known without data, empty where nothing is
 * @param output whether the model returns it
 * @param likeLogits whether it comes out of the last layer with weights, or goes into a softmax or sigmoid behind that
 */
public record ListedValue(String name, String operator, String shape, boolean output, boolean likeLogits) {}
