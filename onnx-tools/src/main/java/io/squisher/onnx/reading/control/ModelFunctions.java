package io.squisher.onnx.reading.control;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.AdapterTable;
import io.squisher.onnx.reading.opset.NodeAdapter;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.FunctionProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The functions that a model defines for itself: their nodes take the place of each call. */
public final class ModelFunctions implements AdapterTable {
    /** Calls in calls; more is a function that calls itself. */
    private static final int DEEPEST = 64;

    private record Key(String domain, String name) {}

    private final Map<Key, FunctionProto> functions = new HashMap<>();
    private int depth;

    public ModelFunctions(List<FunctionProto> functions) {
        for (FunctionProto function : functions) {
            this.functions.put(new Key(function.getDomain(), function.getName()), function);
        }
    }

    @Override
    public Optional<NodeAdapter> find(Node node, int opset) {
        return Optional.ofNullable(functions.get(new Key(node.domain(), node.op())))
                .map(function -> (call, raiser) -> inline(function, call, raiser));
    }

    private void inline(FunctionProto function, Node call, OpsetRaiser raiser) {
        if (++depth > DEEPEST) {
            throw new SquisherException(call + " calls itself, which the standard forbids");
        }
        Inlining inlining = new Inlining(call, raiser, arguments(function, call));
        Set<String> inputs = new HashSet<>(function.getInputList());
        for (int i = 0; i < function.getInputCount(); i++) {
            inlining.bind(function.getInput(i), call.input(i));
        }
        for (int i = 0; i < function.getOutputCount(); i++) {
            boolean made = !inputs.contains(function.getOutput(i));
            if (made && !call.output(i).isEmpty()) {
                inlining.bind(function.getOutput(i), call.output(i));
            }
        }
        raiser.addAll(inlining.nodes(function.getNodeList()), opset(function, raiser.opset()));
        for (int i = 0; i < function.getOutputCount(); i++) {
            inlining.pass(function.getOutput(i), call.output(i));
        }
        depth--;
    }

    /** The call's attributes, and the function's defaults for those that it leaves out. */
    private static Map<String, AttributeProto> arguments(FunctionProto function, Node call) {
        Map<String, AttributeProto> arguments = new HashMap<>();
        function.getAttributeProtoList().forEach(proto -> arguments.put(proto.getName(), proto));
        call.attributes().protos().forEach(proto -> arguments.put(proto.getName(), proto));
        return arguments;
    }

    private static int opset(FunctionProto function, int otherwise) {
        return function.getOpsetImportList().stream()
                .filter(opset ->
                        opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx"))
                .mapToInt(opset -> (int) opset.getVersion())
                .findFirst()
                .orElse(otherwise);
    }
}
