package io.squisher.onnx.evaluator;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One node with its input values: what a kernel sees. */
public final class OperatorCall {
    private final NodeProto node;
    private final List<Optional<Value>> inputs;
    private final int opset;
    private final SubgraphRunner subgraphs;
    private final Map<String, AttributeProto> attributes = new HashMap<>();

    /** Evaluates a graph in an attribute; names it does not define are those of the graph around it. */
    @FunctionalInterface
    interface SubgraphRunner {
        List<Value> run(GraphProto graph, List<Value> inputs);
    }

    OperatorCall(NodeProto node, List<Optional<Value>> inputs, int opset, SubgraphRunner subgraphs) {
        this.node = node;
        this.inputs = inputs;
        this.opset = opset;
        this.subgraphs = subgraphs;
        node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
    }

    /** Version of the operator set of the node's domain. */
    public int opset() {
        return opset;
    }

    /** Number of inputs that the node names, missing ones in between included. */
    public int inputCount() {
        return inputs.size();
    }

    public boolean has(int position) {
        return position < inputs.size() && inputs.get(position).isPresent();
    }

    /** A required input. */
    public Value input(int position) {
        return optional(position).orElseThrow(() -> new IllegalArgumentException("input " + position + " is missing"));
    }

    public Optional<Value> optional(int position) {
        return position < inputs.size() ? inputs.get(position) : Optional.empty();
    }

    public int outputCount() {
        return node.getOutputCount();
    }

    /** Whether the node names output {@code position}. */
    public boolean wants(int position) {
        return position < node.getOutputCount() && !node.getOutput(position).isEmpty();
    }

    public boolean hasAttribute(String name) {
        return attributes.containsKey(name);
    }

    public int integer(String name, int fallback) {
        return hasAttribute(name) ? Math.toIntExact(attributes.get(name).getI()) : fallback;
    }

    public boolean flag(String name, boolean fallback) {
        return integer(name, fallback ? 1 : 0) != 0;
    }

    public double real(String name, double fallback) {
        return hasAttribute(name) ? attributes.get(name).getF() : fallback;
    }

    public String text(String name, String fallback) {
        return hasAttribute(name) ? attributes.get(name).getS().toStringUtf8() : fallback;
    }

    public int[] ints(String name, int... fallback) {
        return hasAttribute(name)
                ? attributes.get(name).getIntsList().stream()
                        .mapToInt(Math::toIntExact)
                        .toArray()
                : fallback;
    }

    public double[] reals(String name, double... fallback) {
        return hasAttribute(name)
                ? attributes.get(name).getFloatsList().stream()
                        .mapToDouble(Float::doubleValue)
                        .toArray()
                : fallback;
    }

    public List<String> texts(String name, String... fallback) {
        return hasAttribute(name)
                ? attributes.get(name).getStringsList().stream()
                        .map(text -> text.toStringUtf8())
                        .toList()
                : List.of(fallback);
    }

    public Optional<AttributeProto> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    /** Axes from the input at {@code position}, or from the attribute {@code axes} of older opsets, counted from 0. */
    public Optional<int[]> axes(int position, int rank) {
        int[] axes = has(position) ? input(position).ints() : ints("axes", (int[]) null);
        return axes == null
                ? Optional.empty()
                : Optional.of(
                        Arrays.stream(axes).map(axis -> Dims.axis(axis, rank)).toArray());
    }

    /** The outputs of the graph in attribute {@code name}. */
    public List<Value> runSubgraph(String name, List<Value> arguments) {
        return subgraphs.run(attributes.get(name).getG(), arguments);
    }

    /** A mode that no kernel here knows. */
    public UnsupportedModelException unsupported(String what) {
        return new UnsupportedModelException(node.getOpType() + ": " + what);
    }
}
