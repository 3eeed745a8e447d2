package io.squisher.onnx.reading;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the reader makes of a model, as ONNX Runtime computes it. */
public final class RaisedGraph {
    private RaisedGraph() {}

    /** The graph that is read from {@code model}. */
    public static Graph of(ModelProto model) {
        return GraphReader.read(new OnnxFile(Path.of("model.onnx"), model));
    }

    /** Runs what is read from {@code model}. */
    public static Map<String, Value> run(ModelProto model, Map<String, Value> inputs) {
        Graph graph = of(model);
        Set<String> outputs = new LinkedHashSet<>();
        graph.outputs().forEach(output -> outputs.add(output.getName()));
        ModelProto raised = model(graph);
        Set<String> taken = new LinkedHashSet<>();
        raised.getGraph().getInputList().forEach(input -> taken.add(input.getName()));
        Map<String, Value> used = new HashMap<>();
        inputs.forEach((name, value) -> used.put(name, float32(value)));
        used.keySet().retainAll(taken);
        return run(raised, used, outputs);
    }

    /** Graphs are read in float32, whatever the file declares. */
    public static Value float32(Value value) {
        return value.isFloating() ? Value.of(ElementType.F32, value.dims(), value.doubles()) : value;
    }

    /** Runs a model as it is. */
    public static Map<String, Value> runDirectly(ModelProto model, Map<String, Value> inputs) {
        Set<String> outputs = new LinkedHashSet<>();
        model.getGraph().getOutputList().forEach(output -> outputs.add(output.getName()));
        return run(model, inputs, outputs);
    }

    private static Map<String, Value> run(ModelProto model, Map<String, Value> inputs, Set<String> outputs) {
        Map<String, Tensor> fed = new HashMap<>();
        inputs.forEach((name, value) -> fed.put(name, tensor(value)));
        Map<String, Value> results = new LinkedHashMap<>();
        try (InferenceSession session = InferenceSession.createUnoptimised(model, RuntimeSettings.CPU)) {
            session.run(fed, outputs).forEach((name, tensor) -> results.put(name, Value.of(tensor)));
        }
        return results;
    }

    private static ModelProto model(Graph graph) {
        List<String> outputs =
                graph.outputs().stream().map(output -> output.getName()).toList();
        ModelProto model = new ModelBuilder()
                .nodes(graph.nodes())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .outputs(outputs)
                .build();
        // An output may be a constant, or an initializer, that no node reads.
        ModelProto.Builder complete = model.toBuilder();
        Set<String> stored = new LinkedHashSet<>();
        model.getGraph().getInitializerList().forEach(initializer -> stored.add(initializer.getName()));
        for (String output : outputs) {
            TensorProto tensor = graph.stored(output).orElse(null);
            if (tensor != null && stored.add(output)) {
                complete.getGraphBuilder().addInitializer(tensor.toBuilder().setName(output));
            }
        }
        return complete.build();
    }

    /** A value as ONNX Runtime takes it. */
    public static Tensor tensor(Value value) {
        ElementType type = value.type();
        ByteBuffer bytes = ByteBuffer.allocate(value.size() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < value.size(); i++) {
            if (value.isFloating()) {
                type.putDouble(bytes, i * type.bytes(), value.doubleAt(i));
            } else {
                type.putLong(bytes, i * type.bytes(), value.longAt(i));
            }
        }
        return Tensor.of(
                type, Shape.of(Arrays.stream(value.dims()).asLongStream().toArray()), bytes);
    }
}
