package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Node;

/** Rewrites one node so that it means the same in standard operators at the target opset. */
@FunctionalInterface
public interface NodeAdapter {
    /** Emits the nodes and constants that replace {@code node}; its output names stay. */
    void raise(Node node, OpsetRaiser raiser);
}
