package io.squisher.onnx.autodiff;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.reading.GraphReader;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.shape.FloatingValues;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A model with its gradient by the engine, run by ONNX Runtime; shapes are those of one run, no axis counts examples. */
public final class GradientGraph {
    private static final String GRADIENT = "gradient of ";
    private static final String OUTPUT = "output ";

    private final Graph graph;
    private final Map<String, Tensor> inputs;
    private final GraphValues values;
    private final Set<String> sources;

    /**
     * What came out.
     *
     * @param outputs of the model, by name
     * @param gradients by input or initializer; one that no gradient reaches is missing
     */
    public record Result(Map<String, Tensor> outputs, Map<String, Tensor> gradients) {}

    /** Reads the model and measures its shapes at {@code inputs}. */
    public GradientGraph(ModelProto model, Map<String, Value> inputs) {
        this.graph = GraphReader.read(new OnnxFile(Path.of("model.onnx"), model));
        this.inputs = inputs.entrySet().stream()
                .filter(input -> graph.isInput(input.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, input -> fed(input.getValue())));
        this.values = measure();
        this.sources = new LinkedHashSet<>();
        graph.inputs().stream()
                .map(ValueInfoProto::getName)
                .filter(values::isFloating)
                .forEach(sources::add);
        graph.initializers().keySet().stream().filter(values::isFloating).forEach(sources::add);
    }

    /** Graphs are read in float32, whatever the file declares. */
    private static Tensor fed(Value value) {
        return value.isFloating()
                ? Value.of(ElementType.F32, value.dims(), value.doubles()).tensor()
                : value.tensor();
    }

    /** The floating-point inputs and initializers. */
    public Set<String> sources() {
        return sources;
    }

    private GraphValues measure() {
        List<String> names = new ArrayList<>();
        graph.inputs().forEach(input -> names.add(input.getName()));
        graph.nodes()
                .forEach(node ->
                        node.outputs().stream().filter(o -> !o.isEmpty()).forEach(names::add));
        List<Node> nodes = new ArrayList<>(graph.nodes());
        names.forEach(name -> nodes.add(new Node(
                "shape of " + name, "Shape", "", List.of(name), List.of("shape of " + name), Attributes.NONE)));
        Map<String, TensorShape> shapes = new HashMap<>();
        run(nodes, Map.of(), names.stream().map(name -> "shape of " + name).toList())
                .forEach((name, shape) ->
                        shapes.put(name.substring("shape of ".length()), TensorShape.fixed(shape.toLongs())));
        addStored(graph.initializers(), shapes);
        addStored(graph.constants(), shapes);
        return new GraphValues(graph, shapes, FloatingValues.of(graph));
    }

    private static void addStored(Map<String, TensorProto> tensors, Map<String, TensorShape> shapes) {
        tensors.forEach((name, tensor) -> shapes.put(
                name,
                TensorShape.fixed(
                        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray())));
    }

    /** Differentiates Σ_outputs ⟨cotangent, output⟩ and runs the graph. */
    public Result run(GradientRules rules, Map<String, Value> cotangents) {
        Emitter emitter = new Emitter(values.shapes().keySet());
        Ops ops = new Ops(emitter);
        ReverseMode reverse = new ReverseMode(values, rules, ops);
        cotangents.forEach((output, cotangent) -> {
            emitter.scope("cotangent of " + output);
            reverse.seed(
                    output,
                    emitter.constant(Value.of(ElementType.F32, cotangent.dims(), cotangent.doubles())
                            .tensor()));
        });
        reverse.run(graph.nodes(), reverse.reachedFrom(sources, graph.nodes()));

        Map<String, io.squisher.onnx.emit.Value> gradients = reverse.gradients(sources);
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.addAll(emitter.nodes());
        List<String> wanted = new ArrayList<>();
        gradients.forEach((name, gradient) -> wanted.add(named(nodes, GRADIENT + name, gradient.name())));
        graph.outputs().forEach(output -> wanted.add(named(nodes, OUTPUT + output.getName(), output.getName())));
        Map<String, Tensor> results = run(nodes, emitter.constants(), wanted);
        return new Result(withPrefix(OUTPUT, results), withPrefix(GRADIENT, results));
    }

    private static String named(List<Node> nodes, String name, String value) {
        nodes.add(new Node(name, "Identity", "", List.of(value), List.of(name), Attributes.NONE));
        return name;
    }

    private static Map<String, Tensor> withPrefix(String prefix, Map<String, Tensor> results) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        results.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }

    private Map<String, Tensor> run(List<Node> nodes, Map<String, TensorProto> constants, List<String> outputs) {
        ModelProto model = new ModelBuilder()
                .nodes(nodes)
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .initializers(constants)
                .inputs(graph.inputs())
                .outputs(outputs)
                .build();
        Map<String, Tensor> fed = new HashMap<>(inputs);
        fed.keySet()
                .retainAll(model.getGraph().getInputList().stream()
                        .map(ValueInfoProto::getName)
                        .toList());
        try (InferenceSession session = InferenceSession.createUnoptimised(model, RuntimeSettings.CPU)) {
            return session.run(fed, new LinkedHashSet<>(outputs));
        }
    }
}
