package io.squisher.onnx.shape;

import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.FileGraph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.operators.OperatorFacts;
import io.squisher.onnx.operators.Trait;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shapes of a graph's values as far as they are plain to see: by far not every operator, and −1 for what depends on
 * the input. What is said is so; what is not said may be anything.
 */
public final class PartialShapes {
    private static final long OPEN = -1;

    private final FileGraph graph;
    private final ShapeEntries entries;
    private final Map<String, long[]> shapes = new HashMap<>();

    public PartialShapes(FileGraph graph) {
        this.graph = graph;
        this.entries = new ShapeEntries(graph);
        graph.proto().getInputList().forEach(this::declare);
        for (Node node : graph.nodes()) {
            graph.storedShape(node.output(0))
                    .or(() -> infer(node))
                    .ifPresent(shape -> shapes.put(node.output(0), shape));
        }
        graph.proto().getValueInfoList().stream()
                .filter(info -> !shapes.containsKey(info.getName()))
                .forEach(this::declare);
    }

    /** The shape of a value: −1 where a dimension is not known; empty where not even the rank is. */
    public Optional<long[]> of(String value) {
        return graph.storedShape(value).or(() -> Optional.ofNullable(shapes.get(value)));
    }

    private void declare(ValueInfoProto info) {
        if (info.getType().getTensorType().hasShape()) {
            shapes.put(
                    info.getName(),
                    info.getType().getTensorType().getShape().getDimList().stream()
                            .mapToLong(dim -> dim.hasDimValue() ? dim.getDimValue() : OPEN)
                            .toArray());
        }
    }

    private Optional<long[]> infer(Node node) {
        Optional<long[]> first = of(node.input(0));
        OperatorFacts facts = node.facts();
        if (facts.has(Trait.SAME_SHAPE)) {
            return first;
        }
        if (facts.has(Trait.BROADCAST)) {
            return broadcast(node.inputs());
        }
        if (facts.has(Trait.POOLING)) {
            return first.map(shape -> open(shape, 2));
        }
        return switch (node.op()) {
            case "Unsqueeze" -> first.flatMap(shape -> graph.axes(node).map(axes -> Axes.unsqueezed(shape, axes)));
            case "Squeeze" -> first.flatMap(shape -> graph.axes(node).map(axes -> Axes.squeezed(shape, axes)));
            case "Transpose" ->
                first.map(shape -> Axes.permuted(shape, Axes.permutation(node.attributes(), shape.length)));
            case "Reshape" -> entries.of(node.input(1)).map(PartialShapes::numbers);
            case "Conv" -> graph.storedShape(node.input(1)).map(weight -> channels(weight.length, weight[0]));
            case "Gemm" -> gemm(node);
            case "MatMul" -> product(first, of(node.input(1)));
            case "Gather" -> gathered(node, first);
            case "Slice" -> first.map(shape -> open(shape, 0));
            case "Flatten" -> Optional.of(new long[] {OPEN, OPEN});
            case "Shape" -> first.map(shape -> new long[] {shape.length});
            default -> facts.has(Trait.REDUCTION) ? reduced(node, first) : Optional.empty();
        };
    }

    private static long[] numbers(List<ShapeEntries.Entry> entries) {
        return entries.stream()
                .mapToLong(entry -> entry.value() > 0 ? entry.value() : OPEN)
                .toArray();
    }

    /** The shape with all but ones open from an axis on: windows and slices make axes shorter, and a 1 stays 1. */
    private static long[] open(long[] shape, int from) {
        long[] open = shape.clone();
        for (int axis = from; axis < open.length; axis++) {
            open[axis] = open[axis] == 1 && from == 0 ? 1 : OPEN;
        }
        return open;
    }

    private static long[] channels(int rank, long channels) {
        long[] shape = new long[rank];
        Arrays.fill(shape, OPEN);
        shape[1] = channels;
        return shape;
    }

    private Optional<long[]> gemm(Node node) {
        int axis = node.attributes().integer("transB", 0) == 0 ? 1 : 0;
        return of(node.input(1)).filter(shape -> shape.length == 2).map(shape -> new long[] {OPEN, shape[axis]});
    }

    private static Optional<long[]> product(Optional<long[]> left, Optional<long[]> right) {
        if (left.isEmpty() || right.isEmpty() || left.get().length < 2 || right.get().length < 2) {
            return Optional.empty();
        }
        long[] a = left.get();
        long[] b = right.get();
        long[] outer = broadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
        long[] shape = Arrays.copyOf(outer, outer.length + 2);
        shape[outer.length] = a[a.length - 2];
        shape[outer.length + 1] = b[b.length - 1];
        return Optional.of(shape);
    }

    private Optional<long[]> broadcast(List<String> inputs) {
        long[] shape = {};
        for (String input : inputs) {
            Optional<long[]> next = of(input);
            if (next.isEmpty()) {
                return next;
            }
            shape = broadcast(shape, next.get());
        }
        return Optional.of(shape);
    }

    private static long[] broadcast(long[] a, long[] b) {
        int rank = Math.max(a.length, b.length);
        long[] shape = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            long left = axis < rank - a.length ? 1 : a[axis - rank + a.length];
            long right = axis < rank - b.length ? 1 : b[axis - rank + b.length];
            // A dimension above 1 beside an open one is the result, whatever the open one is.
            shape[axis] = left == 1 ? right : right == 1 ? left : Math.max(left, right);
        }
        return shape;
    }

    private Optional<long[]> gathered(Node node, Optional<long[]> data) {
        Optional<long[]> index = of(node.input(1));
        int axis = (int) node.attributes().integer("axis", 0);
        if (data.isEmpty() || index.isEmpty() || axis < 0 || axis >= data.get().length) {
            return Optional.empty();
        }
        long[] shape = new long[data.get().length - 1 + index.get().length];
        System.arraycopy(data.get(), 0, shape, 0, axis);
        System.arraycopy(index.get(), 0, shape, axis, index.get().length);
        System.arraycopy(data.get(), axis + 1, shape, axis + index.get().length, data.get().length - axis - 1);
        return Optional.of(shape);
    }

    private Optional<long[]> reduced(Node node, Optional<long[]> first) {
        if (node.attributes().integer("keepdims", 1) == 0 || first.isEmpty()) {
            return Optional.empty();
        }
        long[] shape = first.get().clone();
        return graph.axes(node).map(axes -> {
            for (long axis : axes) {
                shape[Axes.fromFirst(axis, shape.length)] = 1;
            }
            return shape;
        });
    }
}
