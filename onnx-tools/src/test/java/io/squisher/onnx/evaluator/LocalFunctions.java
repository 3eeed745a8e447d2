package io.squisher.onnx.evaluator;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.FunctionProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions that a model defines for itself; a node that names one runs its body. */
final class LocalFunctions {
    private final Map<String, FunctionProto> functions = new HashMap<>();

    private LocalFunctions() {}

    static LocalFunctions of(ModelProto model) {
        LocalFunctions result = new LocalFunctions();
        for (FunctionProto function : model.getFunctionsList()) {
            result.functions.put(function.getDomain() + ":" + function.getName(), function);
        }
        return result;
    }

    boolean has(String domain, String operator) {
        return functions.containsKey(domain + ":" + operator);
    }

    List<Value> call(String domain, NodeProto node, List<Optional<Value>> inputs) {
        FunctionProto function = functions.get(domain + ":" + node.getOpType());
        Map<String, AttributeProto> given = new HashMap<>();
        function.getAttributeProtoList().forEach(fallback -> given.put(fallback.getName(), fallback));
        node.getAttributeList().forEach(attribute -> given.put(attribute.getName(), attribute));
        GraphProto.Builder body = GraphProto.newBuilder();
        function.getNodeList().forEach(inner -> body.addNode(bound(inner, given)));
        function.getOutputList()
                .forEach(name -> body.addOutput(ValueInfoProto.newBuilder().setName(name)));
        Map<String, Value> arguments = new HashMap<>();
        for (int i = 0; i < function.getInputCount() && i < inputs.size(); i++) {
            String name = function.getInput(i);
            inputs.get(i).ifPresent(value -> arguments.put(name, value));
        }
        GraphProto graph = withoutMissing(body.build(), function, arguments);
        ReferenceEvaluator evaluator = new ReferenceEvaluator(graph, function.getOpsetImportList(), this);
        return new ArrayList<>(evaluator.run(arguments).values());
    }

    /** Attributes that refer to one of the function take its value, or go where it has none. */
    private static NodeProto bound(NodeProto node, Map<String, AttributeProto> given) {
        NodeProto.Builder result = node.toBuilder().clearAttribute();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getRefAttrName().isEmpty()) {
                result.addAttribute(attribute);
            } else if (given.containsKey(attribute.getRefAttrName())) {
                result.addAttribute(
                        given.get(attribute.getRefAttrName()).toBuilder().setName(attribute.getName()));
            }
        }
        return result.build();
    }

    /** Optional inputs that the call leaves out are left out of the body's nodes too. */
    private static GraphProto withoutMissing(GraphProto body, FunctionProto function, Map<String, Value> arguments) {
        GraphProto.Builder result = body.toBuilder();
        for (NodeProto.Builder node : result.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                String name = node.getInput(i);
                if (function.getInputList().contains(name) && !arguments.containsKey(name)) {
                    node.setInput(i, "");
                }
            }
        }
        return result.build();
    }
}
