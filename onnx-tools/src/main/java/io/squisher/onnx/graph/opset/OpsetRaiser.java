package io.squisher.onnx.graph.opset;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects nodes, each raised from the file's opset by the adapters that apply to its operator. */
public final class OpsetRaiser {
    private final int opset;
    private final Set<String> taken;
    private final Map<String, TensorProto> initializers;
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    /**
     * @param opset the file's version of the default domain
     * @param taken the value names in use
     */
    public OpsetRaiser(int opset, Set<String> taken, Map<String, TensorProto> initializers) {
        this.opset = opset;
        this.taken = new HashSet<>(taken);
        this.initializers = initializers;
    }

    /** Adds a node of the file; what it reads must have been added before. */
    public void add(Node node) {
        Optional<OpsetAdapter> adapter =
                node.domain().isEmpty() ? OpsetAdapters.forOperator(node.op(), opset) : Optional.empty();
        if (adapter.isPresent()) {
            adapter.get().raise(node, this);
        } else {
            emit(node);
        }
    }

    /** Adds a node that is at the target opset. */
    void emit(Node node) {
        nodes.add(node);
    }

    /** Adds a node at the target opset that makes a new value from {@code inputs}, for use by the {@code origin} node's replacement. */
    String emit(Node origin, String op, List<String> inputs, Attributes attributes) {
        String output = fresh(origin.name() + "/" + op);
        nodes.add(new Node(output, op, "", inputs, List.of(output), attributes));
        return output;
    }

    /** The file's opset. */
    int opset() {
        return opset;
    }

    /** Makes {@code name} a constant. */
    void constant(String name, TensorProto value) {
        constants.put(name, value.toBuilder().setName(name).build());
    }

    /** A new constant that {@code origin}'s replacement reads. */
    String constant(Node origin, String role, Tensor value) {
        String name = fresh(origin.name() + "/" + role);
        constants.put(name, OnnxTensors.write(name, value));
        return name;
    }

    /** The value of a name that is known before the graph runs. */
    Optional<Tensor> stored(String name) {
        TensorProto proto = constants.getOrDefault(name, initializers.get(name));
        return Optional.ofNullable(proto).map(OnnxTensors::read);
    }

    private String fresh(String hint) {
        String name = hint;
        for (int i = 1; !taken.add(name); i++) {
            name = hint + "_" + i;
        }
        return name;
    }

    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** Constants of the file's Constant nodes and those that adapters made. */
    public Map<String, TensorProto> constants() {
        return constants;
    }
}
