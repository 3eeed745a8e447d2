package io.squisher.onnx.fisher.logits;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes that are added to a graph: a rearrangement of probabilities, done to their logits. */
final class GraphChange {
    private final GraphValues values;
    private final List<Node> added = new ArrayList<>();
    private final Map<String, TensorShape> shapes;
    private final Set<String> floating;
    private final Map<String, TensorProto> constants;
    private int names;

    GraphChange(GraphValues values) {
        this.values = values;
        this.shapes = new HashMap<>(values.shapes());
        this.floating = new HashSet<>(values.floating());
        this.constants = new LinkedHashMap<>(values.graph().constants());
    }

    /** The value that {@code node} makes of other inputs, in the place of {@code output}. */
    String repeated(Node node, List<String> inputs, String output) {
        Map<String, String> outputs = new LinkedHashMap<>();
        node.outputs().stream().filter(name -> !name.isEmpty()).forEach(name -> outputs.put(name, named(name)));
        added.add(new Node(
                freshName(),
                node.op(),
                node.domain(),
                inputs,
                node.outputs().stream()
                        .map(name -> outputs.getOrDefault(name, ""))
                        .toList(),
                node.attributes()));
        return outputs.get(output);
    }

    /** {@code −value}. */
    String negative(String value) {
        String output = named(value);
        added.add(new Node(output, "Neg", "", List.of(value), List.of(output), Attributes.NONE));
        return output;
    }

    /** {@code factor · value}. */
    String scaled(String value, float factor) {
        String constant = freshName();
        constants.put(constant, OnnxTensors.write(constant, Tensor.of(Shape.of(), factor)));
        shapes.put(constant, TensorShape.SCALAR);
        floating.add(constant);
        String output = named(value);
        added.add(new Node(output, "Mul", "", List.of(value, constant), List.of(output), Attributes.NONE));
        return output;
    }

    /** A new name for a value of the shape of {@code like}. */
    private String named(String like) {
        String name = freshName();
        shapes.put(name, shapes.get(like));
        if (floating.contains(like)) {
            floating.add(name);
        }
        return name;
    }

    private String freshName() {
        String name;
        do {
            name = "squisher.logits/" + names++;
        } while (shapes.containsKey(name));
        return name;
    }

    /** The graph with what was added, as far as {@code output} depends on it. */
    GraphValues finish(String output) {
        Graph graph = values.graph();
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.addAll(added);
        Graph changed = new Graph(nodes, graph.initializers(), constants, graph.inputs(), graph.outputs())
                .reaching(Set.of(output));
        return new GraphValues(changed, Map.copyOf(shapes), Set.copyOf(floating));
    }
}
