package io.squisher.onnx.evaluator;

import io.squisher.SquisherException;
import io.squisher.onnx.evaluator.elementwise.Cast;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.SparseTensorProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Evaluates a model node by node, in the order of the file (which the standard requires to be topological). Safe for use
 * by several threads.
 */
public final class ReferenceEvaluator {
    private final GraphProto graph;
    private final Map<String, Integer> opsets;
    private final LocalFunctions functions;
    private final Map<String, Value> initializers = new HashMap<>();

    public ReferenceEvaluator(ModelProto model) {
        this(model.getGraph(), model.getOpsetImportList(), LocalFunctions.of(model));
    }

    ReferenceEvaluator(GraphProto graph, List<OperatorSetIdProto> imports, LocalFunctions functions) {
        this.graph = graph;
        this.functions = functions;
        this.opsets = new HashMap<>();
        for (OperatorSetIdProto opset : imports) {
            opsets.put(domain(opset.getDomain()), Math.toIntExact(opset.getVersion()));
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
        return outputs(values(inputs));
    }

    /** Every value of the graph by name, inputs, initializers and intermediate ones included; otherwise as run. */
    public Map<String, Value> values(Map<String, Value> inputs) {
        Map<String, Value> values = new HashMap<>(initializers);
        values.putAll(inputs);
        for (ValueInfoProto input : graph.getInputList()) {
            if (!values.containsKey(input.getName())) {
                throw new SquisherException("the reference evaluator got no value for input '" + input.getName() + "'");
            }
        }
        evaluate(graph, values, node -> true);
        return values;
    }

    /**
     * The graph's outputs where some inputs or initializers change: only what depends on them is evaluated again.
     *
     * @param before all values of a run
     */
    public Map<String, Value> rerun(Map<String, Value> before, Map<String, Value> changed) {
        Map<String, Value> values = new HashMap<>(before);
        values.putAll(changed);
        Set<String> stale = new HashSet<>(changed.keySet());
        evaluate(graph, values, node -> {
            boolean reads = node.getInputList().stream().anyMatch(stale::contains)
                    || node.getAttributeList().stream().anyMatch(AttributeProto::hasG);
            if (reads) {
                stale.addAll(node.getOutputList());
            }
            return reads;
        });
        return outputs(values);
    }

    /** The value of an initializer. */
    public Optional<Value> initializer(String name) {
        return Optional.ofNullable(initializers.get(name));
    }

    private Map<String, Value> outputs(Map<String, Value> values) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        graph.getOutputList().forEach(output -> outputs.put(output.getName(), values.get(output.getName())));
        return outputs;
    }

    private void evaluate(GraphProto body, Map<String, Value> values, Predicate<NodeProto> wanted) {
        for (NodeProto node : body.getNodeList()) {
            if (wanted.test(node)) {
                List<Value> results = evaluate(node, values);
                for (int i = 0; i < Math.min(results.size(), node.getOutputCount()); i++) {
                    if (!node.getOutput(i).isEmpty()) {
                        values.put(node.getOutput(i), results.get(i));
                    }
                }
            }
        }
    }

    private List<Value> evaluate(NodeProto node, Map<String, Value> values) {
        List<Optional<Value>> inputs = new ArrayList<>();
        for (String name : node.getInputList()) {
            if (!name.isEmpty() && !values.containsKey(name)) {
                throw new SquisherException(describe(node) + ": input '" + name + "' has no value yet");
            }
            inputs.add(name.isEmpty() ? Optional.empty() : Optional.of(values.get(name)));
        }
        String domain = domain(node.getDomain());
        if (functions.has(domain, node.getOpType())) {
            return functions.call(domain, node, inputs);
        }
        OperatorKernel kernel = OperatorKernels.find(domain, node.getOpType());
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
        evaluate(body, values, node -> true);
        return body.getOutputList().stream()
                .map(output -> values.get(output.getName()))
                .toList();
    }

    private static String domain(String name) {
        return name.equals("ai.onnx") ? "" : name;
    }

    private static void addInitializers(GraphProto graph, Map<String, Value> values) {
        for (TensorProto tensor : graph.getInitializerList()) {
            values.put(tensor.getName(), Value.of(tensor));
        }
        for (SparseTensorProto sparse : graph.getSparseInitializerList()) {
            values.put(sparse.getValues().getName(), dense(sparse));
        }
    }

    /** Indices are flat positions, or a row of coordinates for each value. */
    private static Value dense(SparseTensorProto sparse) {
        int[] dims = sparse.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
        Value values = Value.of(sparse.getValues());
        Value indices = Value.of(sparse.getIndices());
        int[] strides = indices.rank() == 1 ? new int[] {1} : Dims.strides(dims);
        double[] filled = new double[Dims.size(dims)];
        for (int i = 0; i < values.size(); i++) {
            int at = 0;
            for (int k = 0; k < strides.length; k++) {
                at += (int) indices.longAt(i * strides.length + k) * strides[k];
            }
            filled[at] = values.doubleAt(i);
        }
        return Cast.to(Value.floats(dims, filled), values.type());
    }

    private static String describe(NodeProto node) {
        return node.getOpType() + " '" + (node.getName().isEmpty() ? node.getOutput(0) : node.getName()) + "'";
    }
}
