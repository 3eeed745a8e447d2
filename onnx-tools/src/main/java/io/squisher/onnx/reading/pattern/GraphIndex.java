package io.squisher.onnx.reading.pattern;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Who makes and who reads each value, for matching. */
final class GraphIndex {
    private final Graph graph;
    private final Map<String, Node> producers;
    private final Map<String, Integer> readers = new HashMap<>();
    private final Set<String> outputs = new HashSet<>();

    GraphIndex(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        for (Node node : graph.nodes()) {
            node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
        }
        graph.outputs().forEach(output -> outputs.add(output.getName()));
    }

    /** The node that makes a value, if it is of this operator. */
    Optional<Node> producer(String value, String op) {
        return Optional.ofNullable(producers.get(value))
                .filter(node -> node.op().equals(op) && node.domain().isEmpty());
    }

    /** Whether the value has this many readers and is not an output of the graph. */
    boolean hasReaders(String value, int count) {
        return readers.getOrDefault(value, 0) == count && !outputs.contains(value);
    }

    /** The number, where the value is a constant with one element. */
    OptionalDouble scalar(String value) {
        return graph.stored(value)
                .filter(proto ->
                        proto.getDimsList().stream().allMatch(dim -> dim == 1) && OnnxTensors.isReadable(proto))
                .map(OnnxTensors::read)
                .map(Tensor::toDoubles)
                .map(values -> OptionalDouble.of(values[0]))
                .orElse(OptionalDouble.empty());
    }

    /** Whether the value is this number, to float32's precision. */
    boolean isScalar(String value, double expected) {
        OptionalDouble found = scalar(value);
        return found.isPresent() && Math.abs(found.getAsDouble() - expected) <= 1e-6 * Math.abs(expected);
    }

    /** Whether the value is a stored vector. */
    boolean isVector(String value) {
        Optional<TensorProto> proto = graph.stored(value);
        return proto.isPresent() && proto.get().getDimsCount() == 1;
    }

    /** Whether a Reduce node reduces the last axis alone and keeps it. */
    boolean reducesLastAxis(Node node) {
        Optional<long[]> axes =
                graph.stored(node.input(1)).map(OnnxTensors::read).map(Tensor::toLongs);
        return axes.isPresent()
                && axes.get().length == 1
                && axes.get()[0] == -1
                && node.attributes().integer("keepdims", 1) == 1;
    }
}
