package io.squisher.onnx.runtime;

import io.squisher.SquisherException;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.ExampleLayout;
import io.squisher.onnx.shape.FloatingValues;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.onnx.shape.MeasuredShapes;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the shape of every value of a graph by running it on two and on three examples and looking: what grows counts
 * examples, and by how much. Right for every operator that runs, whatever computes its shapes.
 */
public final class ShapeProbe {
    private static final int FEW = 2;
    private static final int MORE = 3;

    private ShapeProbe() {}

    /**
     * Measures the shapes.
     *
     * @param batches the graph's inputs for a number of examples from one on
     * @param output an output, of which is checked that one example does not change another's
     * @throws SquisherException if the graph does not run, a shape depends on the examples' values, or examples mix
     */
    public static GraphValues measure(Graph graph, Batches batches, String output, RuntimeSettings settings) {
        try (SharedWeights weights = new SharedWeights()) {
            return measure(graph, batches, output, settings, weights);
        }
    }

    /** As {@link #measure(Graph, Batches, String, RuntimeSettings)}, with weights that stay in memory for other sessions. */
    public static GraphValues measure(
            Graph graph, Batches batches, String output, RuntimeSettings settings, SharedWeights weights) {
        List<String> values = values(graph);
        ModelProto model = withShapes(graph, values, output);
        Map<String, String> outputs = outputs(values);
        Map<String, Tensor> few;
        Map<String, Tensor> more;
        try (InferenceSession session = InferenceSession.createForFewRuns(model, settings, weights)) {
            Set<String> wanted = new LinkedHashSet<>(outputs.keySet());
            wanted.add(output);
            few = session.run(fed(model, batches.of(0, FEW)), wanted);
            more = session.run(fed(model, batches.of(1, MORE)), wanted);
        }
        Map<String, TensorShape> shapes = new HashMap<>();
        outputs.forEach((name, value) -> shapes.put(
                value, shape(value, few.get(name).toLongs(), more.get(name).toLongs())));
        addStored(graph.initializers(), shapes);
        addStored(graph.constants(), shapes);
        TensorShape counted = shape(
                output, few.get(output).shape().dims(), more.get(output).shape().dims());
        if (!counted.hasExamples()) {
            throw new MixedExamplesException("the output '" + output + "' is " + counted
                    + " for any number of examples, so it is of all of them together");
        }
        if (counted.size(counted.exampleAxis()) == 1) {
            // Before layouts are looked for: examples that mix are the cause of those that have none.
            checkIndependence(output, few.get(output), more.get(output), counted);
        }
        ExampleLayout.resolve(graph, shapes);
        checkIndependence(output, few.get(output), more.get(output), shapes.getOrDefault(output, counted));
        return values(graph, shapes);
    }

    /**
     * Measures the shapes of a graph that takes one example at a time: all of them are fixed, and nothing can mix.
     *
     * @throws SquisherException if the graph does not run
     */
    public static GraphValues measureSingle(
            Graph graph, Batches batches, String output, RuntimeSettings settings, SharedWeights weights) {
        List<String> values = values(graph);
        ModelProto model = withShapes(graph, values, output);
        Map<String, String> outputs = outputs(values);
        Map<String, TensorShape> shapes = new HashMap<>();
        try (InferenceSession session = InferenceSession.createForFewRuns(model, settings, weights)) {
            for (int example = 0; example < MORE; example++) {
                Map<String, Tensor> found = session.run(fed(model, batches.of(example, 1)), outputs.keySet());
                outputs.forEach((name, value) ->
                        fix(shapes, value, TensorShape.fixed(found.get(name).toLongs())));
            }
        }
        addStored(graph.initializers(), shapes);
        addStored(graph.constants(), shapes);
        return values(graph, shapes);
    }

    private static void fix(Map<String, TensorShape> shapes, String value, TensorShape shape) {
        TensorShape before = shapes.putIfAbsent(value, shape);
        if (before != null && !before.equals(shape)) {
            throw new SquisherException("the value '" + value + "' is " + before + " for one example and " + shape
                    + " for another: its size depends on what the example holds, and one graph of gradients does not"
                    + " fit both");
        }
    }

    private static GraphValues values(Graph graph, Map<String, TensorShape> shapes) {
        Graph folded = MeasuredShapes.fold(graph, shapes);
        return new GraphValues(folded, Map.copyOf(shapes), FloatingValues.of(folded));
    }

    /** The inputs of examples {@code from} to {@code from + rows}. */
    @FunctionalInterface
    public interface Batches {
        Map<String, Tensor> of(long from, int rows);
    }

    /**
     * Example 1 behind example 0, and before examples 2 and 3 instead: what comes out for it must be the same, or an
     * operator mixes the examples without its shape telling.
     */
    private static void checkIndependence(String output, Tensor few, Tensor more, TensorShape shape) {
        ByteBuffer fewBytes = few.toBytes();
        ByteBuffer moreBytes = more.toBytes();
        double largest = 0;
        for (int i = 0; i < few.size(); i++) {
            largest = Math.max(largest, Math.abs(number(few, fewBytes, i)));
        }
        int axis = shape.exampleAxis();
        int behind = (int) (shape.dim(axis).inner() * shape.product(axis + 1, shape.rank()));
        for (int i = 0; i < few.size() / FEW; i++) {
            double second = number(few, fewBytes, (i / behind * FEW + 1) * behind + i % behind);
            double first = number(more, moreBytes, i / behind * MORE * behind + i % behind);
            if (Math.abs(second - first) > 1e-3 * largest) {
                throw new MixedExamplesException(
                        "the output '" + output + "' of one example depends on the others in its"
                                + " batch (" + second + " beside one, " + first
                                + " beside another), so there is no gradient of"
                                + " one example");
            }
        }
    }

    /** An element of a tensor that may be too large to be widened as a whole. */
    private static double number(Tensor tensor, ByteBuffer bytes, int index) {
        return tensor.type().getDouble(bytes, index * tensor.type().bytes());
    }

    private static Map<String, Tensor> fed(ModelProto model, Map<String, Tensor> batch) {
        Map<String, Tensor> fed = new HashMap<>(batch);
        fed.keySet()
                .retainAll(model.getGraph().getInputList().stream()
                        .map(ValueInfoProto::getName)
                        .toList());
        return fed;
    }

    private static List<String> values(Graph graph) {
        List<String> values = new ArrayList<>();
        graph.inputs().forEach(input -> values.add(input.getName()));
        for (Node node : graph.nodes()) {
            node.outputs().stream().filter(name -> !name.isEmpty()).forEach(values::add);
        }
        return values;
    }

    /** Output names of the measuring graph; those of the model may be anything. */
    private static Map<String, String> outputs(List<String> values) {
        Map<String, String> outputs = new LinkedHashMap<>();
        values.forEach(value -> outputs.put("squisher.shape/" + outputs.size(), value));
        return outputs;
    }

    private static ModelProto withShapes(Graph graph, List<String> values, String output) {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        Map<String, String> outputs = outputs(values);
        outputs.forEach((name, value) ->
                nodes.add(new Node(name, "Shape", "", List.of(value), List.of(name), Attributes.NONE)));
        return new ModelBuilder()
                .nodes(nodes)
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .outputs(outputs.keySet())
                .output(output)
                .build();
    }

    private static TensorShape shape(String value, long[] few, long[] more) {
        if (few.length != more.length) {
            throw refused(value, few, more);
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < few.length; axis++) {
            long step = more[axis] - few[axis];
            if (step == 0) {
                dims.add(Dim.of(few[axis]));
            } else if (step > 0 && few[axis] == FEW * step) {
                // How the factor lies around the example is found from the graph, afterwards.
                dims.add(new Dim(1, step, true));
            } else {
                throw refused(value, few, more);
            }
        }
        if (dims.stream().filter(Dim::perExample).count() > 1) {
            throw new MixedExamplesException(
                    "the value '" + value + "' has two axes that grow with the number of examples:"
                            + " the graph compares examples with each other, so there is no gradient of one example");
        }
        return new TensorShape(dims);
    }

    private static SquisherException refused(String value, long[] few, long[] more) {
        return new SquisherException(
                "the value '" + value + "' has the shape " + java.util.Arrays.toString(few) + " for "
                        + FEW + " examples and " + java.util.Arrays.toString(more) + " for " + MORE
                        + ": it does not grow with the number of examples as a batch does");
    }

    private static void addStored(Map<String, TensorProto> tensors, Map<String, TensorShape> shapes) {
        tensors.forEach((name, tensor) -> shapes.put(
                name,
                TensorShape.fixed(
                        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray())));
    }
}
