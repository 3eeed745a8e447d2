package io.squisher.onnx.graph;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file's graph as it is, with what is needed to follow values through it. */
public final class FileGraph {
    private final GraphProto proto;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, TensorProto> stored = new LinkedHashMap<>();
    private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();

    public FileGraph(GraphProto proto) {
        this.proto = proto;
        for (TensorProto initializer : proto.getInitializerList()) {
            initializers.put(initializer.getName(), initializer);
            stored.put(initializer.getName(), initializer);
        }
        proto.getNodeList().forEach(node -> add(Node.of(node, nodes.size())));
        proto.getOutputList().forEach(output -> uses.merge(output.getName(), 1, Integer::sum));
    }

    private void add(Node node) {
        nodes.add(node);
        node.outputs().forEach(output -> producers.put(output, node));
        node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
        node.captured().forEach(input -> uses.merge(input, 1, Integer::sum));
        if (node.op().equals("Constant")) {
            node.attributes().tensor("value").ifPresent(value -> stored.put(node.output(0), value));
        }
    }

    public GraphProto proto() {
        return proto;
    }

    public List<Node> nodes() {
        return nodes;
    }

    /** How often a value is read, by nodes, graphs inside nodes, and as an output. */
    public int uses(String value) {
        return uses.getOrDefault(value, 0);
    }

    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    public boolean isInitializer(String value) {
        return initializers.containsKey(value);
    }

    /** The initializer or constant of a name. */
    Optional<TensorProto> stored(String value) {
        return Optional.ofNullable(stored.get(value));
    }

    /** The dimensions of an initializer or constant. */
    public Optional<long[]> storedShape(String value) {
        return stored(value)
                .map(tensor ->
                        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
    }

    /** The elements of a stored int64 tensor that is in the file itself. */
    public Optional<long[]> integers(String value) {
        return stored(value)
                .filter(tensor -> tensor.getDataType() == DataType.INT64.getNumber())
                .filter(tensor -> tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL)
                .map(tensor -> OnnxTensors.read(tensor).toLongs());
    }

    /** The axes of a node: an attribute in old opsets, a constant input in new ones. */
    public Optional<long[]> axes(Node node) {
        Optional<long[]> attribute = node.attributes().integers("axes");
        return attribute.isPresent() || !node.hasInput(1) ? attribute : integers(node.input(1));
    }
}
