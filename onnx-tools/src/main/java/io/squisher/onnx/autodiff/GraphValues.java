package io.squisher.onnx.autodiff;

import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.TensorShape;
import java.util.Map;
import java.util.Optional;

/**
 * A graph with the shape of every value in it.
 *
 * @param shapes by value name; initializers and constants included
 * @param floating which values are floating-point numbers
 */
public record GraphValues(Graph graph, Map<String, TensorShape> shapes, java.util.Set<String> floating) {
    /** The forward value of a name. */
    public Value value(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no value '" + name + "'"));
    }

    public Optional<Value> find(String name) {
        return Optional.ofNullable(shapes.get(name)).map(shape -> new Value(name, shape));
    }

    public TensorShape shape(String name) {
        return value(name).shape();
    }

    public boolean isFloating(String name) {
        return floating.contains(name);
    }
}
