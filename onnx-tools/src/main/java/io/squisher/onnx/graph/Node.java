package io.squisher.onnx.graph;

import io.squisher.proto.onnx.NodeProto;
import java.util.List;

/**
 * One operation of a graph.
 *
 * @param name unique in its graph; made from the operator and a number where the file gives none
 * @param domain empty for the standard's own operators
 * @param inputs value names by position; an empty string is an input that was left out
 * @param outputs value names by position; an empty string is an output that nobody wants
 */
public record Node(
        String name, String op, String domain, List<String> inputs, List<String> outputs, Attributes attributes) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The input at {@code position}, or an empty string. */
    public String input(int position) {
        return position < inputs.size() ? inputs.get(position) : "";
    }

    public boolean hasInput(int position) {
        return !input(position).isEmpty();
    }

    /** The output at {@code position}, or an empty string. */
    public String output(int position) {
        return position < outputs.size() ? outputs.get(position) : "";
    }

    public Node withInputs(List<String> changed) {
        return new Node(name, op, domain, changed, outputs, attributes);
    }

    public Node withAttributes(Attributes changed) {
        return new Node(name, op, domain, inputs, outputs, changed);
    }

    /** The node as the file format has it. */
    public NodeProto toProto() {
        return NodeProto.newBuilder()
                .setName(name)
                .setOpType(op)
                .setDomain(domain)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(attributes.protos())
                .build();
    }

    /** As {@code Conv 'stem/conv'}, for messages. */
    @Override
    public String toString() {
        return (domain.isEmpty() ? op : domain + "." + op) + " '" + name + "'";
    }
}
