/**
 * The trainable form of a graph: weights are inputs; the loss of a batch, its hits and the gradients are outputs. Knows
 * derivatives and likelihoods, and nothing of optimizers. Start at {@link io.squisher.onnx.training.graph.TrainableGraph}.
 */
package io.squisher.onnx.training.graph;
