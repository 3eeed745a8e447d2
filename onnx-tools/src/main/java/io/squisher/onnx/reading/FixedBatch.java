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

    /**
     * The number of examples that all inputs are fixed to; empty where one of them is free.
     *
     * @param axes by input, the axis that counts examples; the first for those that are not in it
     */
    public static OptionalLong of(Graph graph, Map<String, Integer> axes) {
        long batch = -1;
        for (ValueInfoProto input : graph.inputs()) {
            TensorShapeProto shape = input.getType().getTensorType().getShape();
            int axis = axes.getOrDefault(input.getName(), 0);
            long size = axis >= 0
                            && axis < shape.getDimCount()
                            && shape.getDim(axis).hasDimValue()
                    ? shape.getDim(axis).getDimValue()
                    : 0;
            if (size <= 0 || batch >= 0 && size != batch) {
                return OptionalLong.empty();
            }
            batch = size;
        }
        return batch < 0 ? OptionalLong.empty() : OptionalLong.of(batch);
    }

    /** The graph for any number of examples, where it was for {@code batch}; {@code axes} as above. */
    public static Graph freed(Graph graph, long batch, Map<String, Integer> axes) {
        boolean first = axes.values().stream().allMatch(axis -> axis == 0);
        Map<String, TensorProto> constants = new LinkedHashMap<>(graph.constants());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(freedShape(graph, node, batch, first)
                    .map(shape -> {
                        String name = node.name() + "/any_batch";
                        constants.put(name, OnnxTensors.write(name, Tensor.of(Shape.of(shape.length), shape)));
                        // Without zeros, allowzero says nothing; with the one that is put in it would.
                        return node.withInputs(List.of(node.input(0), name))
                                .withAttributes(node.attributes().without("allowzero"));
                    })
                    .orElse(node));
        }
        List<ValueInfoProto> inputs = graph.inputs().stream()
                .map(input -> freed(input, axes.getOrDefault(input.getName(), 0)))
                .toList();
        return new Graph(nodes, graph.initializers(), constants, inputs, graph.outputs());
    }

    /**
     * Another shape for a Reshape: the axis of examples takes what the other axes leave, or is copied where another one
     * does. It is the first, or, where the inputs do not have it first, the only one of the size of the batch.
     */
    private static Optional<long[]> freedShape(Graph graph, Node node, long batch, boolean first) {
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
        int axis = first ? 0 : onlyOf(batch, shape);
        if (shape.length == 0
                || axis < 0
                || shape[axis] <= 0
                || inferred && shape[axis] != batch
                || inferred && axis > 0
                || empty) {
            return Optional.empty();
        }
        shape[axis] = inferred ? 0 : -1;
        return Optional.of(shape);
    }

    private static int onlyOf(long size, long... shape) {
        int found = -1;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == size) {
                if (found >= 0) {
                    return -1;
                }
                found = axis;
            }
        }
        return found;
    }

    /** The declaration of an input whose axis {@code axis} takes any number of examples; as it is where it has no such axis. */
    public static ValueInfoProto freed(ValueInfoProto input, int axis) {
        if (axis < 0 || axis >= input.getType().getTensorType().getShape().getDimCount()) {
            return input;
        }
        ValueInfoProto.Builder freed = input.toBuilder();
        freed.getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(axis)
                .setDimParam("N");
        return freed.build();
    }
}
