/**
 * A model as a graph: nodes, typed attributes, and shapes that know which axis counts examples. The nouns alone; who reads
 * them from a file is {@code reading}. Start at {@link io.squisher.onnx.graph.Graph}.
 */
package io.squisher.onnx.graph;
