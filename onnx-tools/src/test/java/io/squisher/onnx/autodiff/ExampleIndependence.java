package io.squisher.onnx.autodiff;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.GraphReader;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.ShapeProbe;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether rules keep examples apart: a model is given several examples at once and one after the other. The gradients at
 * its inputs must be the same rows, those of everything stored the sum; squares of single examples' gradients then are the
 * same at any batch size. What is differentiated is Σ sin(output).
 */
final class ExampleIndependence {
    private static final int EXAMPLES = 3;
    private static final Tolerance FLOAT32 = new Tolerance(1e-3, 0.1, 1e-5);

    private final Set<String> batched;
    private final Map<String, Value> inputs;
    private final Graph graph;

    /** How it went. */
    enum Outcome {
        /** The same gradients. */
        INDEPENDENT,
        /** The graph cannot take several examples, or compares them. */
        NOT_BATCHED,
        /** A rule refuses because examples would be mixed. */
        REFUSED,
        /** Other gradients. */
        MIXED
    }

    /** An outcome and what led to it. */
    record Result(Outcome outcome, String detail) {}

    /**
     * @param batched inputs whose first axis counts examples; the others are stored
     */
    private ExampleIndependence(FrozenModel model, Set<String> batched) {
        this.batched = batched;
        this.inputs = model.inputs();
        GraphProto.Builder stored = model.model().getGraph().toBuilder().clearInput();
        for (ValueInfoProto input : model.model().getGraph().getInputList()) {
            Value value = inputs.get(input.getName());
            if (batched.contains(input.getName())) {
                stored.addInput(free(input.getName(), value));
            } else {
                stored.addInitializer(OnnxTensors.write(input.getName(), value.tensor()));
            }
        }
        ModelProto proto = model.model().toBuilder().setGraph(stored).build();
        this.graph = GraphReader.read(new OnnxFile(Path.of("model.onnx"), proto));
    }

    private static ValueInfoProto free(String name, Value value) {
        long[] dims = new long[value.rank()];
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = axis == 0 ? -1 : value.dim(axis);
        }
        return ModelBuilder.input(name, DataType.FLOAT_VALUE, dims);
    }

    /** Tries the inputs that are as long as the first, then the first alone. */
    static Result check(FrozenModel model) {
        List<String> names = new ArrayList<>(model.inputs().keySet());
        names.removeIf(name -> model.inputs().get(name).rank() == 0);
        if (names.isEmpty()) {
            return new Result(Outcome.NOT_BATCHED, "no input has an axis");
        }
        int length = model.inputs().get(names.get(0)).dim(0);
        Set<String> all = new LinkedHashSet<>(names);
        all.removeIf(name -> model.inputs().get(name).dim(0) != length);
        Result result = attempt(model, all);
        boolean again = result.outcome() == Outcome.NOT_BATCHED && all.size() > 1;
        return again ? attempt(model, Set.of(names.get(0))) : result;
    }

    private static Result attempt(FrozenModel model, Set<String> batched) {
        ExampleIndependence check;
        GraphValues values;
        try {
            check = new ExampleIndependence(model, batched);
            String output = check.graph.outputs().get(0).getName();
            values = ShapeProbe.measure(check.graph, check::examples, output, RuntimeSettings.CPU);
        } catch (SquisherException | IllegalArgumentException e) {
            return new Result(Outcome.NOT_BATCHED, e.getMessage());
        }
        try {
            return check.compare(values)
                    .map(difference -> new Result(Outcome.MIXED, difference))
                    .orElse(new Result(Outcome.INDEPENDENT, ""));
        } catch (SquisherException e) {
            return new Result(Outcome.REFUSED, e.getMessage());
        }
    }

    private Map<String, Tensor> examples(long from, int count) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        batched.forEach(name -> tensors.put(name, examples(name, (int) from, count)));
        return tensors;
    }

    /** Examples are the value's rows over and over, a little smaller each time. */
    private Tensor examples(String name, int from, int count) {
        Value value = inputs.get(name);
        int row = value.dim(0) == 0 ? 0 : value.size() / value.dim(0);
        double[] elements = new double[count * row];
        for (int i = 0; i < elements.length; i++) {
            int example = from + i / row;
            elements[i] = value.doubleAt(example % value.dim(0) * row + i % row) * (1 - 0.03 * example);
        }
        int[] dims = value.dims();
        dims[0] = count;
        return Value.floats(dims, elements).tensor();
    }

    private Optional<String> compare(GraphValues values) {
        Emitter emitter = new Emitter(values.shapes().keySet());
        Ops ops = new Ops(emitter);
        ReverseMode reverse = new ReverseMode(values, StandardRules.all(), ops);
        Set<String> sources = new LinkedHashSet<>(batched);
        graph.initializers().keySet().stream().filter(values::isFloating).forEach(sources::add);
        Set<String> active = reverse.reachedFrom(sources, graph.nodes());
        for (ValueInfoProto output : graph.outputs()) {
            if (active.contains(output.getName())) {
                reverse.seed(output.getName(), ops.unary("Cos", values.value(output.getName())));
            }
        }
        reverse.run(graph.nodes(), active);
        Map<String, io.squisher.onnx.emit.Value> gradients = reverse.gradients(sources);
        if (gradients.isEmpty()) {
            return Optional.empty();
        }
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.addAll(emitter.nodes());
        gradients.forEach((name, gradient) -> nodes.add(new Node(
                "d " + name, "Identity", "", List.of(gradient.name()), List.of("d " + name), Attributes.NONE)));
        ModelProto model = new ModelBuilder()
                .nodes(nodes)
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .initializers(emitter.constants())
                .inputs(graph.inputs())
                .outputs(gradients.keySet().stream().map(name -> "d " + name).toList())
                .build();
        try (InferenceSession session = InferenceSession.createUnoptimised(model, RuntimeSettings.CPU)) {
            return difference(session, model, gradients.keySet());
        }
    }

    private Optional<String> difference(InferenceSession session, ModelProto model, Set<String> names) {
        Map<String, Tensor> together = run(session, model, names, 0, EXAMPLES);
        List<Map<String, Tensor>> single = new ArrayList<>();
        for (int example = 0; example < EXAMPLES; example++) {
            single.add(run(session, model, names, example, 1));
        }
        for (String name : names) {
            Value gradient = Value.of(together.get("d " + name));
            Value actual = Value.floats(gradient.dims(), gradient.doubles());
            double[] expected = new double[actual.size()];
            for (int example = 0; example < EXAMPLES; example++) {
                double[] one = single.get(example).get("d " + name).toDoubles();
                int offset = batched.contains(name) ? example * one.length : 0;
                for (int i = 0; i < one.length; i++) {
                    expected[offset + i] += one[i];
                }
            }
            Optional<String> difference = FLOAT32.difference(Value.floats(actual.dims(), expected), actual);
            if (difference.isPresent()) {
                return Optional.of(
                        "gradient of '" + name + "', " + EXAMPLES + " examples at once: " + difference.get());
            }
        }
        return Optional.empty();
    }

    private Map<String, Tensor> run(
            InferenceSession session, ModelProto model, Set<String> names, int from, int count) {
        Map<String, Tensor> fed = new LinkedHashMap<>();
        for (ValueInfoProto input : model.getGraph().getInputList()) {
            fed.put(input.getName(), examples(input.getName(), from, count));
        }
        Set<String> outputs = new LinkedHashSet<>();
        names.forEach(name -> outputs.add("d " + name));
        return session.run(fed, outputs);
    }
}
