package io.squisher.onnx.shape;

import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph with the shape of every value in it.
 *
 * @param shapes by value name; initializers and constants included
 * @param floating which values are floating-point numbers
 */
public record GraphValues(Graph graph, Map<String, TensorShape> shapes, Set<String> floating) {
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

    /** Whether a value follows from shapes and stored values alone, whatever the examples hold. */
    public boolean followsFromShapes(String name) {
        Map<String, Node> producers = graph.producers();
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (graph.isInput(next)) {
                return false;
            }
            Node producer = producers.get(next);
            if (producer != null && seen.add(next)) {
                open.addAll(producer.elementsRead());
                open.addAll(producer.captured());
            }
        }
        return true;
    }
}
