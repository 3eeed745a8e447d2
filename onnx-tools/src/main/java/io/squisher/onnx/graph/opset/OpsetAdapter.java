package io.squisher.onnx.graph.opset;

import io.squisher.onnx.graph.Node;

/** Rewrites a node of an older opset so that it means the same at the target opset. */
@FunctionalInterface
interface OpsetAdapter {
    /** Emits the nodes and constants that replace {@code node}; its output names stay. */
    void raise(Node node, OpsetRaiser raiser);
}
