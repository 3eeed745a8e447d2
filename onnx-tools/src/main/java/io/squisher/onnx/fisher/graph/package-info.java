/**
 * Builds the graphs that give gradients and squares: which values are derived from parameters alone, where they meet the
 * examples, and what goes back from there. Start at {@link io.squisher.onnx.fisher.graph.FisherGraphBuilder}.
 */
package io.squisher.onnx.fisher.graph;
