package io.squisher.onnx.fisher;

import io.squisher.onnx.fisher.graph.FisherGraph;

/**
 * One of the graphs that a plan runs over all examples.
 *
 * @param batchSize examples at once
 * @param gradients whether its outputs are gradients; else they are sums of squares
 */
record FisherPart(FisherGraph graph, int batchSize, boolean gradients) {}
