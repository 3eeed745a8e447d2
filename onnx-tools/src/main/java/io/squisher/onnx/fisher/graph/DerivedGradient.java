package io.squisher.onnx.fisher.graph;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.operators.Trait;
import io.squisher.onnx.shape.GraphValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Takes gradients of a derived value back to the value that it was derived from, when each gradient has a leading axis
 * more than the value: of the examples, or of size 1.
 *
 * <p>Layout operators are written here with the axes moved by one. Elementwise operators need nothing new: their
 * derivative broadcasts over the leading axis. For anything else there is no way, and the parameter takes batches of one.
 */
final class DerivedGradient {
    private final GraphValues values;
    private final GradientRules rules;
    private final Ops ops;

    DerivedGradient(GraphValues values, GradientRules rules, Ops ops) {
        this.values = values;
        this.rules = rules;
        this.ops = ops;
    }

    /** Whether squares of gradients pass the node like gradients: it only moves elements. */
    static boolean moves(Node node) {
        return node.facts().has(Trait.ONCE);
    }

    /**
     * The gradient at input {@code position} of a node of derived values.
     *
     * @param gradient at output {@code output}: {@code [L, output…]}
     * @return {@code [L, input…]}, or empty where the operator has no such rule
     */
    Optional<Value> back(Node node, int output, int position, Value gradient) {
        Dim leading = gradient.shape().dim(0);
        TensorShape input = values.shape(node.input(position));
        if (node.facts().has(Trait.RESHAPE)) {
            return Optional.of(ops.reshape(gradient, lead(leading, input)));
        }
        if (node.facts().isElementwise()) {
            return elementwise(node, position, gradient, input);
        }
        return switch (node.op()) {
            case "Transpose" -> Optional.of(transpose(node, gradient, input));
            case "Concat" -> Optional.of(concat(node, position, gradient, input));
            case "Slice" -> slice(node, gradient, input);
            case "Gather" -> Optional.of(gather(node, gradient, input));
            case "Split" -> Optional.of(split(node, output, gradient, input));
            default -> Optional.empty();
        };
    }

    private static TensorShape lead(Dim leading, TensorShape shape) {
        List<Dim> dims = new ArrayList<>();
        dims.add(leading);
        dims.addAll(shape.dims());
        return new TensorShape(dims);
    }

    private Optional<Value> elementwise(Node node, int position, Value gradient, TensorShape input) {
        RuleContext context = new RuleContext(node, values, List.of(gradient), wanted -> wanted == position, ops);
        int missing = values.shape(node.output(0)).rank() - input.rank();
        List<Dim> padded = new ArrayList<>();
        padded.add(gradient.shape().dim(0));
        IntStream.range(0, missing).forEach(i -> padded.add(Dim.of(1)));
        padded.addAll(input.dims());
        return rules.rule(node).apply(context).at(position).map(raw -> {
            Value summed = ops.sumTo(raw, new TensorShape(padded));
            return ops.reshape(summed, lead(gradient.shape().dim(0), input));
        });
    }

    private Value transpose(Node node, Value gradient, TensorShape input) {
        int rank = input.rank();
        int[] permutation = Axes.permutation(node.attributes(), rank);
        int[] inverse = new int[rank + 1];
        for (int i = 0; i < rank; i++) {
            inverse[permutation[i] + 1] = i + 1;
        }
        return ops.transpose(gradient, inverse);
    }

    private Value concat(Node node, int position, Value gradient, TensorShape input) {
        int axis = Axes.fromFirst(node.attributes().integer("axis", 0), input.rank());
        long start = 0;
        for (int i = 0; i < position; i++) {
            start += values.shape(node.input(i)).size(axis);
        }
        return ops.slice(gradient, axis + 1, start, start + input.size(axis), 1);
    }

    /** Rows go back by a product with the one-hot matrix of the indices. */
    private Value gather(Node node, Value gradient, TensorShape input) {
        int axis = Axes.fromFirst(node.attributes().integer("axis", 0), input.rank());
        Value indices = values.value(node.input(1));
        long picked = indices.shape().sizePerExample();
        Value oneHot = ops.emitter()
                .node(
                        "OneHot",
                        TensorShape.fixed(picked, input.size(axis)),
                        Attributes.NONE.with("axis", -1L),
                        ops.reshape(indices, TensorShape.fixed(picked)),
                        ops.integer(input.size(axis)),
                        ops.floats(0, 1));
        Value flat = ops.reshape(gradient, lead(gradient.shape().dim(0), input.with(axis, Dim.of(picked))));
        int last = flat.rank() - 1;
        Value moved = ops.matMul(ops.moveAxis(flat, axis + 1, last), oneHot);
        return ops.moveAxis(moved, last, axis + 1);
    }

    private Value split(Node node, int output, Value gradient, TensorShape input) {
        int axis = Axes.fromFirst(node.attributes().integer("axis", 0), input.rank());
        long start = 0;
        for (int i = 0; i < output; i++) {
            start += values.shape(node.output(i)).size(axis);
        }
        return placed(gradient, axis + 1, start, input.size(axis));
    }

    /** Slices with step 1 at constant places. */
    private Optional<Value> slice(Node node, Value gradient, TensorShape input) {
        List<Optional<long[]>> arguments = IntStream.range(1, 5)
                .mapToObj(i -> values.graph().stored(node.input(i)).map(proto -> OnnxTensors.read(proto)
                        .toLongs()))
                .toList();
        if (arguments.get(0).isEmpty() || node.hasInput(3) && arguments.get(2).isEmpty()) {
            return Optional.empty();
        }
        long[] starts = arguments.get(0).get();
        long[] axes = arguments.get(2).orElseGet(() -> IntStream.range(0, starts.length)
                .asLongStream()
                .toArray());
        long[] steps = arguments.get(3).orElseGet(() -> new long[] {1});
        if (Arrays.stream(steps).anyMatch(step -> step != 1)
                || node.hasInput(4) && arguments.get(3).isEmpty()) {
            return Optional.empty();
        }
        Value placed = gradient;
        for (int i = 0; i < starts.length; i++) {
            int axis = Axes.fromFirst(axes[i], input.rank());
            long size = input.size(axis);
            long start = Math.min(size, Math.max(0, starts[i] < 0 ? starts[i] + size : starts[i]));
            placed = placed(placed, axis + 1, start, size);
        }
        return Optional.of(placed);
    }

    private Value placed(Value gradient, int axis, long start, long size) {
        long[] before = new long[gradient.rank()];
        long[] behind = new long[gradient.rank()];
        before[axis] = start;
        behind[axis] = size - start - gradient.shape().size(axis);
        return ops.pad(gradient, before, behind);
    }
}
