package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Node;
import java.util.Optional;

/** Knows the adapters of some operators. */
@FunctionalInterface
public interface AdapterTable {
    /**
     * The adapter for {@code node}, if this table has one and the node needs it.
     *
     * @param opset the version of the default domain that the node is written for
     */
    Optional<NodeAdapter> find(Node node, int opset);
}
