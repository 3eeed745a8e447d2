package io.squisher.onnx.graph;

import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's graph at the {@linkplain Opset#VERSION one opset} that all rules are written for.
 *
 * @param nodes in topological order
 * @param initializers the file's initializers, by name
 * @param constants values of Constant nodes, and those that raising the opset brought in, by name
 * @param inputs what the caller feeds; initializers are not among them
 * @param outputs what the model returns
 */
public record Graph(
        List<Node> nodes,
        Map<String, TensorProto> initializers,
        Map<String, TensorProto> constants,
        List<ValueInfoProto> inputs,
        List<ValueInfoProto> outputs) {
    public Graph {
        nodes = List.copyOf(nodes);
        initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The tensor of a name that is an initializer or a constant. */
    public Optional<TensorProto> stored(String name) {
        TensorProto initializer = initializers.get(name);
        return Optional.ofNullable(initializer != null ? initializer : constants.get(name));
    }

    /** Which node makes each value. */
    public Map<String, Node> producers() {
        Map<String, Node> producers = new HashMap<>();
        for (Node node : nodes) {
            node.outputs().stream().filter(name -> !name.isEmpty()).forEach(name -> producers.put(name, node));
        }
        return producers;
    }

    /** Whether {@code name} is an input of the graph. */
    public boolean isInput(String name) {
        return inputs.stream().anyMatch(input -> input.getName().equals(name));
    }

    /** This graph with only the nodes that {@code values} depend on. */
    public Graph reaching(Set<String> values) {
        Set<String> wanted = new HashSet<>(values);
        java.util.ArrayDeque<Node> kept = new java.util.ArrayDeque<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.inputs());
                wanted.addAll(node.captured());
                if (node.isRepeated()) {
                    wanted.addAll(Steps.of(node).firstStep());
                }
                kept.addFirst(node);
            }
        }
        return new Graph(List.copyOf(kept), initializers, constants, inputs, outputs);
    }

    /**
     * Values in the order in which their gradients become known. ONNX Runtime runs what the first output needs first: this way
     * each layer's gradients are used up before the next layer's are made.
     */
    public List<String> lastUsedFirst(Set<String> values) {
        Map<String, Integer> lastUse = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            int place = i;
            nodes.get(i).inputs().forEach(input -> lastUse.put(input, place));
        }
        return values.stream()
                .sorted(Comparator.comparing((String value) -> lastUse.getOrDefault(value, 0))
                        .reversed())
                .toList();
    }

    /** This graph with only the inputs that a node reads, or that are an output. */
    public Graph withReadInputs() {
        Set<String> read = new HashSet<>();
        nodes.forEach(node -> {
            read.addAll(node.inputs());
            read.addAll(node.captured());
        });
        outputs.forEach(output -> read.add(output.getName()));
        List<ValueInfoProto> kept =
                inputs.stream().filter(input -> read.contains(input.getName())).toList();
        return new Graph(nodes, initializers, constants, kept, outputs);
    }
}
