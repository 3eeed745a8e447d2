package io.squisher.tf.export;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.ConstantValues;
import io.squisher.tf.export.emit.OnnxEmitter;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import io.squisher.tf.export.emit.UnsupportedOperation;
import io.squisher.tf.export.rules.StandardRules;
import io.squisher.tf.graph.ElementTypes;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.SessionTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFFailedPreconditionException;

/**
 * Exports the part of a TensorFlow graph that computes chosen outputs from chosen inputs, with the variables' values of a
 * session, as an ONNX model (opset {@value #OPSET}, standard operators only). Calls of functions, which graphs from Python
 * consist of, are replaced by the functions' bodies.
 */
public final class OnnxExporter {
    /** The version of the standard operators that models are written in. */
    public static final long OPSET = 17;

    /** The file format's version that came with that operator set. */
    private static final long IR_VERSION = 8;

    private final VariableValues variables;
    private final InferenceGraph inference;
    private final ConstantValues constants;
    private final OnnxEmitter emitter;
    private final Map<Output<?>, String> values = new HashMap<>();
    private final Map<String, String> unsupported = new HashMap<>();

    private OnnxExporter(
            VariableValues variables, InferenceGraph inference, ConstantValues constants, OnnxEmitter emitter) {
        this.variables = variables;
        this.inference = inference;
        this.constants = constants;
        this.emitter = emitter;
    }

    /**
     * Writes the model atomically.
     *
     * @param inputs names of placeholders (or other tensors to feed), as {@code images} or {@code split:1}
     * @param outputs names of the tensors to compute
     * @throws SquisherException naming every operation that cannot be exported, or an unknown name
     */
    public static void export(Graph graph, Session session, List<String> inputs, List<String> outputs, Path target) {
        OnnxWriter.write(target, toModel(graph, session, inputs, outputs));
    }

    /** As {@link #export}, in memory. */
    public static ModelProto toModel(Graph graph, Session session, List<String> inputs, List<String> outputs) {
        if (!InlinedFunctions.areCalledIn(graph)) {
            return toModel(graph, session, operation -> value(GraphVariable.of(operation), session), inputs, outputs);
        }
        try (Graph inlined = InlinedFunctions.of(graph);
                Session constants = new Session(inlined)) {
            VariableValues variables = operation -> value(GraphVariable.of(graph.operation(operation.name())), session);
            return toModel(inlined, constants, variables, inputs, outputs);
        }
    }

    /** Where the values of variables are. */
    @FunctionalInterface
    private interface VariableValues {
        Tensor of(GraphOperation variable);
    }

    private static Tensor value(GraphVariable variable, Session session) {
        try (var result = session.runner().fetch(variable.value()).run()) {
            return SessionTensor.of(variable.name(), result.get(0)).copy();
        } catch (TFFailedPreconditionException e) {
            throw new SquisherException(
                    "variable '" + variable.name()
                            + "' has no value in this session; initialize it or restore a checkpoint before the export",
                    e);
        }
    }

    private static ModelProto toModel(
            Graph graph, Session session, VariableValues variables, List<String> inputs, List<String> outputs) {
        List<Output<?>> from = outputs(graph, inputs);
        List<Output<?>> to = outputs(graph, outputs);
        InferenceGraph inference = new InferenceGraph(from, to);
        OnnxExporter exporter = new OnnxExporter(
                variables,
                inference,
                new SessionValues(session, inference),
                new OnnxEmitter("squisher", namesIn(graph)));
        from.forEach(exporter::declareInput);
        exporter.exportOperations();
        to.forEach(exporter::declareOutput);
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("squisher")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(exporter.graph())
                .build();
    }

    private static List<Output<?>> outputs(Graph graph, List<String> names) {
        List<Output<?>> outputs = new ArrayList<>();
        for (String name : names) {
            Output<?> output = graph.output(name);
            if (output == null) {
                throw new SquisherException("the graph has no tensor '" + name
                        + "'; names are those given by withName, with ':1' for an operation's second output");
            }
            outputs.add(output);
        }
        return outputs;
    }

    private static Set<String> namesIn(Graph graph) {
        Set<String> names = new HashSet<>();
        for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
            names.add(all.next().name());
        }
        return names;
    }

    private void declareInput(Output<?> input) {
        String name = TensorFlowNode.nameOf(input);
        emitter.input(name, ElementTypes.of(input.dataType(), "input '" + name + "'"), input.shape());
        values.put(input, name);
    }

    private void declareOutput(Output<?> output) {
        String name = TensorFlowNode.nameOf(output);
        if (!values.get(output).equals(name)) {
            emitter.node("Identity", name, List.of(values.get(output)));
        }
        emitter.output(name, ElementTypes.of(output.dataType(), "output '" + name + "'"), output.shape());
    }

    private void exportOperations() {
        for (GraphOperation operation : inference.operations()) {
            try {
                exportOperation(operation);
            } catch (UnsupportedOperation e) {
                unsupported.put(standIn(operation), e.getMessage());
            }
        }
    }

    /** Adds a node for what cannot be exported, so that the operations around it are looked at; returns its name. */
    private String standIn(GraphOperation operation) {
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < operation.numInputs(); i++) {
            Optional.ofNullable(values.get(operation.input(i))).ifPresent(inputs::add);
        }
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < operation.numOutputs(); i++) {
            outputs.add(TensorFlowNode.nameOf(operation.output(i)));
            values.put(operation.output(i), outputs.get(i));
        }
        emitter.node(operation.type(), outputs, inputs);
        return outputs.get(0);
    }

    /** The graph, if the outputs need nothing that cannot be exported; else all of that is reported. */
    private GraphProto graph() {
        GraphProto graph = emitter.graph();
        List<String> lacking = graph.getNodeList().stream()
                .map(NodeProto::getName)
                .filter(unsupported::containsKey)
                .map(unsupported::get)
                .toList();
        if (!lacking.isEmpty()) {
            throw new SquisherException("cannot export to ONNX: " + String.join(", ", lacking)
                    + "; choose outputs before them, or inputs behind them");
        }
        return graph;
    }

    private void exportOperation(GraphOperation operation) {
        if (GraphVariable.isVariable(operation)) {
            exportVariable(operation);
        } else if (inference.varies(operation)) {
            OperatorRule rule =
                    StandardRules.of(operation.type()).orElseThrow(() -> new UnsupportedOperation(operation, ""));
            rule.export(new TensorFlowNode(operation, values, constants, emitter));
        }
    }

    private void exportVariable(GraphOperation operation) {
        emitter.initializer(operation.name(), variables.of(operation));
        values.put(operation.output(0), operation.name());
    }
}
