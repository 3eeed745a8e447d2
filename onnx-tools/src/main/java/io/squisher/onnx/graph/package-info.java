/** A model as a graph at one opset: nodes, typed attributes, and shapes that know which axis counts examples. */
package io.squisher.onnx.graph;
