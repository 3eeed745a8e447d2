package io.squisher.onnx.reading.control;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies the nodes of a body into the graph around it, under names that are free there. */
final class Inlining {
    private final Node caller;
    private final OpsetRaiser raiser;
    private final Map<String, String> names = new HashMap<>();

    /** Values of the attributes that a function's nodes refer to. */
    private final Map<String, AttributeProto> arguments;

    Inlining(Node caller, OpsetRaiser raiser, Map<String, AttributeProto> arguments) {
        this.caller = caller;
        this.raiser = raiser;
        this.arguments = arguments;
    }

    /** What the body calls {@code inner} is {@code outer} outside. */
    void bind(String inner, String outer) {
        names.put(inner, outer);
    }

    /** The name outside of a value of the body, or of a value around it that the body reads. */
    String outer(String inner) {
        return names.getOrDefault(inner, inner);
    }

    /** A body's stored tensors become constants. */
    void constants(GraphProto body) {
        for (TensorProto tensor : body.getInitializerList()) {
            String name = raiser.fresh(caller.name() + "/" + tensor.getName());
            bind(tensor.getName(), name);
            raiser.constant(name, tensor);
        }
    }

    /** The body's nodes under their new names. */
    List<Node> nodes(List<NodeProto> body) {
        for (NodeProto proto : body) {
            for (String output : proto.getOutputList()) {
                if (!output.isEmpty()) {
                    names.computeIfAbsent(output, name -> raiser.fresh(caller.name() + "/" + name));
                }
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (NodeProto proto : body) {
            Node node = Node.of(proto, nodes.size());
            nodes.add(new Node(
                    caller.name() + "/" + node.name(),
                    node.op(),
                    node.domain(),
                    node.inputs().stream().map(this::outer).toList(),
                    node.outputs().stream().map(this::outer).toList(),
                    Attributes.of(attributes(proto.getAttributeList()))));
        }
        return nodes;
    }

    private List<AttributeProto> attributes(List<AttributeProto> protos) {
        List<AttributeProto> resolved = new ArrayList<>();
        for (AttributeProto proto : protos) {
            if (!proto.getRefAttrName().isEmpty()) {
                AttributeProto argument = arguments.get(proto.getRefAttrName());
                // One that the caller left out, and that has no default, is left out inside as well.
                if (argument != null) {
                    resolved.add(argument.toBuilder().setName(proto.getName()).build());
                }
            } else if (proto.hasG()) {
                resolved.add(proto.toBuilder().setG(graph(proto.getG())).build());
            } else {
                resolved.add(proto);
            }
        }
        return resolved;
    }

    /** A graph inside the body reads the body's values; names are never used twice, so its own stay. */
    private GraphProto graph(GraphProto graph) {
        GraphProto.Builder renamed = graph.toBuilder().clearNode();
        for (NodeProto node : graph.getNodeList()) {
            NodeProto.Builder inner = node.toBuilder().clearInput().clearAttribute();
            node.getInputList().forEach(input -> inner.addInput(outer(input)));
            renamed.addNode(inner.addAllAttribute(attributes(node.getAttributeList())));
        }
        for (int i = 0; i < graph.getOutputCount(); i++) {
            renamed.setOutput(
                    i,
                    graph.getOutput(i).toBuilder()
                            .setName(outer(graph.getOutput(i).getName())));
        }
        return renamed.build();
    }

    /** Makes {@code outer} the same value as what the body calls {@code inner}. */
    void pass(String inner, String outer) {
        if (!outer.isEmpty() && !outer(inner).equals(outer)) {
            raiser.same(caller, outer, outer(inner));
        }
    }
}
