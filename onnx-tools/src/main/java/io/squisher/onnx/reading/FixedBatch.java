package io.squisher.onnx.reading;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Graphs that were exported for a fixed number of examples, freed: the inputs' first axis becomes one of any size, and so
 * do the shapes that Reshape is given as constants.
 *
 * <p>What a constant shape means can only be guessed; that the guess is right shows when the graph runs on two and on three
 * examples, which {@link io.squisher.onnx.runtime.ShapeProbe} does.
 */
public final class FixedBatch {
    private FixedBatch() {}

    /** The number of examples that all inputs are fixed to; empty where one of them is free. */
    public static OptionalLong of(Graph graph) {
        long batch = -1;
        for (ValueInfoProto input : graph.inputs()) {
            TensorShapeProto shape = input.getType().getTensorType().getShape();
            long first = shape.getDimCount() > 0 && shape.getDim(0).hasDimValue()
                    ? shape.getDim(0).getDimValue()
                    : 0;
            if (first <= 0 || batch >= 0 && first != batch) {
                return OptionalLong.empty();
            }
            batch = first;
        }
        return batch < 0 ? OptionalLong.empty() : OptionalLong.of(batch);
    }

    /** The graph for any number of examples, where it was for {@code batch}. */
    public static Graph freed(Graph graph, long batch) {
        Map<String, TensorProto> constants = new LinkedHashMap<>(graph.constants());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(freedShape(graph, node, batch)
                    .map(shape -> {
                        String name = node.name() + "/any_batch";
                        constants.put(name, OnnxTensors.write(name, Tensor.of(Shape.of(shape.length), shape)));
                        // Without zeros, allowzero says nothing; with the one that is put in it would.
                        return node.withInputs(List.of(node.input(0), name))
                                .withAttributes(node.attributes().without("allowzero"));
                    })
                    .orElse(node));
        }
        List<ValueInfoProto> inputs =
                graph.inputs().stream().map(FixedBatch::freed).toList();
        return new Graph(nodes, graph.initializers(), constants, inputs, graph.outputs());
    }

    /** Another shape for a Reshape: its first axis takes what the other axes leave, or is copied where another one does. */
    private static Optional<long[]> freedShape(Graph graph, Node node, long batch) {
        if (!node.op().equals("Reshape")
                || !node.domain().isEmpty()
                || graph.stored(node.input(0)).isPresent()) {
            return Optional.empty();
        }
        Optional<TensorProto> stored = graph.stored(node.input(1));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        long[] shape = OnnxTensors.read(stored.get()).toLongs();
        boolean inferred = Arrays.stream(shape).anyMatch(dim -> dim == -1);
        boolean empty = node.attributes().integer("allowzero", 0) != 0
                && Arrays.stream(shape).anyMatch(dim -> dim == 0);
        if (shape.length == 0 || shape[0] <= 0 || inferred && shape[0] != batch || empty) {
            return Optional.empty();
        }
        shape[0] = inferred ? 0 : -1;
        return Optional.of(shape);
    }

    private static ValueInfoProto freed(ValueInfoProto input) {
        ValueInfoProto.Builder freed = input.toBuilder();
        freed.getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimParam("N");
        return freed.build();
    }
}
