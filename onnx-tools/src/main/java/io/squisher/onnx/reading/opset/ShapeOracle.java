package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Graph;
import io.squisher.tensor.Tensor;
import java.util.Optional;

/** Finds values that follow from the sizes of the inputs, where the file's declarations do not suffice. */
@FunctionalInterface
public interface ShapeOracle {
    /** Knows nothing: only what the file says is used. */
    ShapeOracle SILENT = (graph, name) -> Optional.empty();

    /**
     * The value of {@code name}; empty where it depends on what the examples hold, or on how many there are.
     *
     * @param graph the nodes that were read so far
     */
    Optional<Tensor> value(Graph graph, String name);
}
