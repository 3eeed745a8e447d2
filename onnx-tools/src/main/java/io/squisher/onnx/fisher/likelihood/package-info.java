/**
 * What a likelihood adds at the end of a graph: the gradient at the output, the labels of each pass, labels drawn from the
 * model. Start at {@link io.squisher.onnx.fisher.likelihood.LikelihoodHead}.
 *
 * <p>Public API.
 */
package io.squisher.onnx.fisher.likelihood;
