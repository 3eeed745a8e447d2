package io.squisher.onnx.emit;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.internal.protobuf.ByteString;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects emitted nodes and constants. Equal constants are kept once; equal nodes too, so rules need not share work. */
public final class Emitter {
    private final Set<String> taken;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private final Map<ByteString, Value> byContent = new HashMap<>();
    private final Map<NodeKey, List<Value>> byOperation = new HashMap<>();
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final Emitter around;
    private String scope = "squisher";

    private record NodeKey(String op, String domain, List<String> inputs, List<ByteString> attributes, int outputs) {}

    /**
     * @param taken value names that the graph has already
     */
    public Emitter(Set<String> taken) {
        this(taken, null);
    }

    private Emitter(Set<String> taken, Emitter around) {
        this.taken = new HashSet<>(taken);
        this.around = around;
    }

    /**
     * An emitter for a graph inside of this one. Its names do not depend on what was emitted before, so that two graphs that
     * do the same are equal, and kept once. Constants are kept outside.
     */
    Emitter inside() {
        Emitter inside = new Emitter(taken, this);
        inside.scope = "step";
        return inside;
    }

    /** Names of what is emitted next start with {@code scope}, so that the graph can be read in a viewer. */
    public void scope(String scope) {
        this.scope = scope;
    }

    /** Emits a node with one output of the given shape. */
    public Value node(String op, TensorShape shape, Attributes attributes, Value... inputs) {
        return nodes(op, List.of(shape), attributes, inputs).get(0);
    }

    /** Emits a node with an output for each shape; a null input is one left out. */
    public List<Value> nodes(String op, List<TensorShape> shapes, Attributes attributes, Value... inputs) {
        List<String> names = new ArrayList<>();
        for (Value input : inputs) {
            names.add(input == null ? "" : input.name());
        }
        NodeKey key = new NodeKey(op, "", names, attributes.encoded(), shapes.size());
        List<Value> known = byOperation.get(key);
        if (known != null) {
            return known;
        }
        String name = fresh(op);
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            outputs.add(new Value(i == 0 ? name : fresh(op + "_output" + i), shapes.get(i)));
        }
        Node node =
                new Node(name, op, "", names, outputs.stream().map(Value::name).toList(), attributes);
        nodes.add(node);
        producers.put(name, node);
        outputs.forEach(output -> values.put(output.name(), output));
        byOperation.put(key, outputs);
        return outputs;
    }

    /** Takes over nodes whose values have names of their own. */
    public void copies(List<Node> others) {
        nodes.addAll(others);
    }

    /** A constant without examples; one of equal content is used again. */
    public Value constant(Tensor tensor) {
        if (around != null) {
            return around.constant(tensor);
        }
        TensorProto content = OnnxTensors.write("", tensor);
        return byContent.computeIfAbsent(content.toByteString(), missing -> {
            String name = fresh("constant");
            constants.put(name, content.toBuilder().setName(name).build());
            return new Value(name, TensorShape.fixed(tensor.shape().dims()));
        });
    }

    /** A name that nothing else in the graph has. */
    public String fresh(String hint) {
        String base = scope + "/" + hint;
        String name = base;
        for (int i = 1; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    /** The emitted node whose only or first output {@code value} is. */
    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The emitted value of a name, constants aside. */
    public Optional<Value> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    public Map<String, TensorProto> constants() {
        return around != null ? around.constants() : Collections.unmodifiableMap(constants);
    }
}
