package io.squisher.onnx.emit;

import io.squisher.onnx.graph.TensorShape;

/** A value in the graph that is being written: of the model, or emitted. */
public record Value(String name, TensorShape shape) {
    public int rank() {
        return shape.rank();
    }

    @Override
    public String toString() {
        return "'" + name + "' " + shape;
    }
}
