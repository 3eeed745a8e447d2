package io.squisher.onnx.shape;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Integers and truth values that follow from declared shapes. They decide branches; the nodes that compute them stay, for
 * what runs in the end is their affair.
 */
public final class ShapeValues {
    /** A dimension that is free. */
    private static final long FREE = -1;

    private final Function<String, long[]> dims;
    private final Function<String, Optional<Tensor>> stored;
    private final Map<String, long[]> shapes = new HashMap<>();
    private final Map<String, Tensor> known = new HashMap<>();

    /**
     * @param dims the dimensions of a value, {@value #FREE} where one is free; empty where nothing is known
     */
    public ShapeValues(Function<String, long[]> dims, Function<String, Optional<Tensor>> stored) {
        this.dims = dims;
        this.stored = stored;
    }

    /** The value of a name, if it is known. */
    public Optional<Tensor> value(String name) {
        return stored.apply(name).or(() -> Optional.ofNullable(known.get(name)));
    }

    /** Follows a node. */
    public void add(Node node) {
        if (!node.domain().isEmpty() || node.inputs().isEmpty()) {
            return;
        }
        switch (node.op()) {
            case "Shape" -> shape(node);
            case "Gather" -> picked(node);
            case "Slice" -> cut(node);
            default -> {}
        }
        if (!known.containsKey(node.output(0))) {
            ConstantFolder.fold(node, this::value)
                    .ifPresent(value -> known.put(node.output(0), OnnxTensors.read(value)));
        }
    }

    private void shape(Node node) {
        long[] all = dims.apply(node.input(0));
        if (all.length > 0) {
            Attributes attributes = node.attributes();
            part(node.output(0), all, attributes.integer("start", 0), attributes.integer("end", all.length));
        }
    }

    private void cut(Node node) {
        long[] all = shapes.get(node.input(0));
        Optional<Tensor> start = value(node.input(1));
        Optional<Tensor> end = value(node.input(2));
        boolean unit = !node.hasInput(4)
                || value(node.input(4)).filter(step -> step.toLongs()[0] == 1).isPresent();
        if (all != null && start.isPresent() && end.isPresent() && unit) {
            part(node.output(0), all, start.get().toLongs()[0], end.get().toLongs()[0]);
        }
    }

    private void part(String name, long[] all, long start, long end) {
        int from = place(start, all.length);
        int to = Math.max(from, place(end, all.length));
        found(name, Shape.of(to - from), Arrays.copyOfRange(all, from, to));
    }

    private static int place(long index, int length) {
        return (int) Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    private void picked(Node node) {
        long[] all = shapes.get(node.input(0));
        Optional<Tensor> indices = value(node.input(1));
        if (all == null || indices.isEmpty()) {
            return;
        }
        long[] values = Arrays.stream(indices.get().toLongs())
                .map(i -> all[(int) (i < 0 ? i + all.length : i)])
                .toArray();
        found(node.output(0), indices.get().shape(), values);
    }

    private void found(String name, Shape shape, long[] values) {
        if (shape.rank() == 1) {
            shapes.put(name, values);
        }
        if (Arrays.stream(values).noneMatch(value -> value == FREE)) {
            known.put(name, Tensor.of(shape, values));
        }
    }
}
