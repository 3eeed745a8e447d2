package io.squisher.onnx.evaluator;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates a model node by node, in the order of the file (which the standard requires to be topological). Safe for use
 * by several threads.
 */
public final class ReferenceEvaluator {
    private final GraphProto graph;
    private final Map<String, Integer> opsets = new HashMap<>();
    private final Map<String, Value> initializers = new HashMap<>();

    public ReferenceEvaluator(ModelProto model) {
        this.graph = model.getGraph();
        for (OperatorSetIdProto opset : model.getOpsetImportList()) {
            String domain = opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain();
            opsets.put(domain, Math.toIntExact(opset.getVersion()));
        }
        addInitializers(graph, initializers);
    }

    /** The outputs of {@code model} by name. */
    public static Map<String, Value> run(ModelProto model, Map<String, Value> inputs) {
        return new ReferenceEvaluator(model).run(inputs);
    }

    /**
     * The graph's outputs by name, in their order.
     *
     * @param inputs values of the graph's inputs; one with the name of an initializer takes its place
     * @throws UnsupportedModelException if the evaluator lacks an operator or a mode of it
     * @throws SquisherException if a node cannot be evaluated
     */
    public Map<String, Value> run(Map<String, Value> inputs) {
        Map<String, Value> values = new HashMap<>(initializers);
        values.putAll(inputs);
        for (ValueInfoProto input : graph.getInputList()) {
            if (!values.containsKey(input.getName())) {
                throw new SquisherException("the reference evaluator got no value for input '" + input.getName() + "'");
            }
        }
        evaluate(graph, values);
        Map<String, Value> outputs = new LinkedHashMap<>();
        graph.getOutputList().forEach(output -> outputs.put(output.getName(), values.get(output.getName())));
        return outputs;
    }

    /** The value of an initializer. */
    public Optional<Value> initializer(String name) {
        return Optional.ofNullable(initializers.get(name));
    }

    private void evaluate(GraphProto body, Map<String, Value> values) {
        for (NodeProto node : body.getNodeList()) {
            List<Value> results = evaluate(node, values);
            for (int i = 0; i < Math.min(results.size(), node.getOutputCount()); i++) {
                if (!node.getOutput(i).isEmpty()) {
                    values.put(node.getOutput(i), results.get(i));
                }
            }
        }
    }

    private List<Value> evaluate(NodeProto node, Map<String, Value> values) {
        String domain = node.getDomain().equals("ai.onnx") ? "" : node.getDomain();
        OperatorKernel kernel = OperatorKernels.find(domain, node.getOpType());
        List<Optional<Value>> inputs = new ArrayList<>();
        for (String name : node.getInputList()) {
            if (!name.isEmpty() && !values.containsKey(name)) {
                throw new SquisherException(describe(node) + ": input '" + name + "' has no value yet");
            }
            inputs.add(name.isEmpty() ? Optional.empty() : Optional.of(values.get(name)));
        }
        OperatorCall call = new OperatorCall(
                node, inputs, opsets.getOrDefault(domain, 1), (body, arguments) -> subgraph(body, arguments, values));
        try {
            return kernel.evaluate(call);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new SquisherException(describe(node) + " on " + inputs + ": " + e.getMessage(), e);
        }
    }

    private List<Value> subgraph(GraphProto body, List<Value> arguments, Map<String, Value> outer) {
        Map<String, Value> values = new HashMap<>(outer);
        addInitializers(body, values);
        for (int i = 0; i < arguments.size(); i++) {
            values.put(body.getInput(i).getName(), arguments.get(i));
        }
        evaluate(body, values);
        return body.getOutputList().stream()
                .map(output -> values.get(output.getName()))
                .toList();
    }

    private static void addInitializers(GraphProto graph, Map<String, Value> values) {
        for (TensorProto tensor : graph.getInitializerList()) {
            values.put(tensor.getName(), Value.of(tensor));
        }
    }

    private static String describe(NodeProto node) {
        return node.getOpType() + " '" + (node.getName().isEmpty() ? node.getOutput(0) : node.getName()) + "'";
    }
}
