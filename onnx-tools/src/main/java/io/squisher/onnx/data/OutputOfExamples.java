package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A graph whose output has the examples on its first axis: where the model has them elsewhere, or one example's output has no
 * axis for them, nodes are added that rearrange it. The order of all other axes stays.
 *
 * @param output the name of the rearranged output, or of the model's
 */
public record OutputOfExamples(GraphValues values, String output) {
    /**
     * Brings the examples to the front.
     *
     * @param lastIsClasses whether the last axis is of classes because nothing else was said: then axes of one element behind
     *     them, as a global pooling leaves, are dropped
     * @throws SquisherException if the user gave another axis of the output than the one that counts examples
     */
    public static OutputOfExamples of(MeasuredGraph measured, BoundGraph bound, boolean lastIsClasses) {
        String output = bound.output();
        OutputOfExamples found = new OutputOfExamples(measured.values(), output);
        found = measured.isSingle()
                ? found.withUnitAxis(bound)
                : found.split(bound).moved();
        return lastIsClasses ? found.withoutUnitAxesBehindClasses() : found;
    }

    private TensorShape shape() {
        return values.shape(output);
    }

    /** One example's output with an axis for it in front. */
    private OutputOfExamples withUnitAxis(BoundGraph bound) {
        List<Dim> dims = new ArrayList<>(shape().dims());
        Integer given = bound.examples().axes().get(output);
        int axis = given == null ? 0 : given < 0 ? given + dims.size() : given;
        boolean batched = bound.unbatched().isEmpty() || given != null;
        if (given != null && (axis < 0 || axis >= dims.size() || !dims.get(axis).isOne())) {
            throw new SquisherException("the axis " + given + " of the output '" + output + "' " + shape()
                    + " does not count examples: it has more than one element for one example");
        }
        if (batched && axis < dims.size() && dims.get(axis).isOne()) {
            if (axis == 0) {
                return this;
            }
            dims.remove(axis);
        }
        dims.add(0, Dim.of(1));
        return reshaped(new TensorShape(dims));
    }

    /** An axis that the examples were merged with, as axes of their own. */
    private OutputOfExamples split(BoundGraph bound) {
        TensorShape shape = shape();
        int axis = shape.exampleAxis();
        Integer given = bound.examples().axes().get(output);
        if (given != null && (given < 0 ? given + shape.rank() : given) != axis) {
            throw new SquisherException("the axis " + given + " of the output '" + output + "' " + shape
                    + " does not count examples; axis " + axis + " does");
        }
        Dim dim = shape.dim(axis);
        if (dim.factor() == 1) {
            return this;
        }
        List<Dim> dims = new ArrayList<>(shape.dims());
        dims.set(axis, Dim.EXAMPLES);
        if (dim.inner() > 1) {
            dims.add(axis + 1, Dim.of(dim.inner()));
        }
        if (dim.outer() > 1) {
            dims.add(axis, Dim.of(dim.outer()));
        }
        return reshaped(new TensorShape(dims));
    }

    private OutputOfExamples moved() {
        TensorShape shape = shape();
        int axis = shape.exampleAxis();
        if (axis == 0) {
            return this;
        }
        int[] order = IntStream.concat(
                        IntStream.of(axis), IntStream.range(0, shape.rank()).filter(i -> i != axis))
                .toArray();
        long[] perm = IntStream.of(order).asLongStream().toArray();
        return with("Transpose", Attributes.NONE.with("perm", perm), shape.permuted(order), Map.of());
    }

    /** {@code [N, classes, 1, 1]} as {@code [N, classes]}; a single axis behind the classes may be of positions. */
    private OutputOfExamples withoutUnitAxesBehindClasses() {
        TensorShape shape = shape();
        boolean pooled = shape.rank() > 3
                && shape.size(1) > 1
                && shape.dims().subList(2, shape.rank()).stream().allMatch(Dim::isOne);
        return pooled ? reshaped(shape.slice(0, 2)) : this;
    }

    private OutputOfExamples reshaped(TensorShape shape) {
        long[] dims = shape.dims().stream()
                .mapToLong(dim -> dim.perExample() ? -1 : dim.factor())
                .toArray();
        String name = fresh(output + "/shape");
        Tensor stored = Tensor.of(Shape.of(dims.length), dims);
        return with("Reshape", Attributes.NONE, shape, Map.of(name, OnnxTensors.write(name, stored)));
    }

    /** With another node behind the output, which reads what {@code stored} holds beside it. */
    private OutputOfExamples with(
            String op, Attributes attributes, TensorShape shape, Map<String, TensorProto> stored) {
        String name = fresh(output + "/examples_first");
        Graph graph = values.graph();
        List<String> read = new ArrayList<>(List.of(output));
        read.addAll(stored.keySet());
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.add(new Node(name, op, "", read, List.of(name), attributes));
        Map<String, TensorProto> constants = new LinkedHashMap<>(graph.constants());
        constants.putAll(stored);
        Map<String, TensorShape> shapes = new HashMap<>(values.shapes());
        stored.forEach((key, tensor) -> shapes.put(
                key,
                TensorShape.fixed(
                        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray())));
        shapes.put(name, shape);
        Set<String> floating = new HashSet<>(values.floating());
        if (values.isFloating(output)) {
            floating.add(name);
        }
        Graph changed = new Graph(nodes, graph.initializers(), constants, graph.inputs(), graph.outputs());
        return new OutputOfExamples(new GraphValues(changed, Map.copyOf(shapes), Set.copyOf(floating)), name);
    }

    private String fresh(String hint) {
        String name = hint;
        for (int i = 1; values.shapes().containsKey(name); i++) {
            name = hint + "_" + i;
        }
        return name;
    }
}
