package io.squisher.onnx.reading.fused;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Writes the standard operators that take a fused node's place. Values are names. */
final class Decomposition {
    private final Node node;
    private final OpsetRaiser raiser;

    Decomposition(Node node, OpsetRaiser raiser) {
        this.node = node;
        this.raiser = raiser;
    }

    boolean has(int position) {
        return node.hasInput(position);
    }

    /** Whether anybody reads output {@code position}. */
    boolean wants(int position) {
        return !node.output(position).isEmpty();
    }

    /** Input {@code position}, or an empty string. */
    String in(int position) {
        return node.input(position);
    }

    Attributes attributes() {
        return node.attributes();
    }

    OpsetRaiser raiser() {
        return raiser;
    }

    /** A new value. */
    String op(String op, String... inputs) {
        return op(op, Attributes.NONE, inputs);
    }

    String op(String op, Attributes attributes, String... inputs) {
        return raiser.emit(node, op, List.of(inputs), attributes);
    }

    /** Equal parts, or parts of {@code sizes}, of the last axis. */
    List<String> split(String x, int parts, long... sizes) {
        Attributes last = Attributes.NONE.with("axis", -1L);
        return sizes.length == 0
                ? raiser.emit(node, "Split", List.of(x), last.with("num_outputs", parts), parts)
                : raiser.emit(node, "Split", List.of(x, integers("sizes", sizes)), last, parts);
    }

    /** Equal parts of axis 1. */
    List<String> splitChannels(String x, int parts) {
        Attributes channels = Attributes.NONE.with("axis", 1L).with("num_outputs", (long) parts);
        return raiser.emit(node, "Split", List.of(x), channels, parts);
    }

    /** The node's output {@code position}. */
    void output(int position, String op, Attributes attributes, String... inputs) {
        List<String> outputs = new ArrayList<>();
        outputs.add(node.output(position));
        outputs(op, attributes, List.of(inputs), outputs, position);
    }

    /** The name of output {@code position}. */
    String out(int position) {
        return node.output(position);
    }

    /** The names of outputs 0 to {@code count}, as far as somebody reads them. */
    List<String> firstOutputs(int count) {
        return node.outputs().subList(0, Math.min(count, node.outputs().size()));
    }

    /** Output 0. */
    void result(String op, String... inputs) {
        output(0, op, Attributes.NONE, inputs);
    }

    /** A node whose outputs are those of the decomposed node with the names {@code outputs}. */
    void outputs(String op, Attributes attributes, List<String> inputs, List<String> outputs, int number) {
        String name = number == 0 ? node.name() : node.name() + "/output" + number;
        raiser.emit(new Node(name, op, "", inputs, outputs, attributes));
    }

    String scalar(String role, double value) {
        return raiser.constant(node, role, Tensor.of(Shape.of(), (float) value));
    }

    String integer(String role, long value) {
        return raiser.constant(node, role, Tensor.of(Shape.of(), value));
    }

    String integers(String role, long... values) {
        return raiser.constant(node, role, Tensor.of(Shape.of(values.length), values));
    }

    /** The same elements in another shape; 0 keeps a dimension, -1 is what is left. */
    String reshape(String x, long... dims) {
        return op("Reshape", x, integers("shape", dims));
    }

    String transpose(String x, long... permutation) {
        return op("Transpose", Attributes.NONE.with("perm", permutation), x);
    }

    String unsqueeze(String x, long... axes) {
        return op("Unsqueeze", x, integers("axes", axes));
    }

    /** Dimensions {@code start} to {@code end} of a value when the graph runs: int64 {@code [end - start]}. */
    String dims(String x, long start, long end) {
        return op("Shape", Attributes.NONE.with("start", start).with("end", end), x);
    }

    /** One dimension as a scalar. */
    String dim(String x, long axis) {
        return op("Squeeze", dims(x, axis, axis + 1));
    }

    /** The number of axes of a value, which decides what the node does. */
    int rank(String value, String role) {
        return raiser.rank(value)
                .orElseThrow(() -> refuse("the number of axes of its " + role + " '" + value
                        + "' is not known; save the model with the shapes of its values, or export it without fusing"));
    }

    /** The dimensions of a value as far as they are stored or declared, -1 where one is free; empty where none are. */
    long[] declaredDims(String value) {
        return raiser.stored(value).map(tensor -> tensor.shape().dims()).orElseGet(() -> raiser.declaredDims(value));
    }

    SquisherException refuse(String reason) {
        return new SquisherException(node + ": " + reason);
    }
}
