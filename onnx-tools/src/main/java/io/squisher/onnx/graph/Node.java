package io.squisher.onnx.graph;

import io.squisher.onnx.operators.OperatorFacts;
import io.squisher.onnx.operators.Trait;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

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

    /** The node of a file; {@code index} makes a name where it has none. */
    public static Node of(NodeProto proto, int index) {
        String domain = proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
        String name = proto.getName().isEmpty() ? proto.getOpType() + "_" + index : proto.getName();
        return new Node(
                name,
                proto.getOpType(),
                domain,
                proto.getInputList(),
                proto.getOutputList(),
                Attributes.of(proto.getAttributeList()));
    }

    /** Values around the node that graphs in its attributes read, as far as no node inside makes them. */
    public Set<String> captured() {
        Set<String> captured = new LinkedHashSet<>();
        attributes.protos().stream()
                .filter(AttributeProto::hasG)
                .forEach(attribute -> capture(attribute.getG(), captured));
        return captured;
    }

    private static void capture(GraphProto graph, Set<String> captured) {
        Set<String> own = new HashSet<>();
        graph.getInputList().forEach(input -> own.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> own.add(tensor.getName()));
        Set<String> read = new LinkedHashSet<>();
        graph.getOutputList().forEach(output -> read.add(output.getName()));
        for (NodeProto node : graph.getNodeList()) {
            read.addAll(node.getInputList());
            own.addAll(node.getOutputList());
            node.getAttributeList().stream()
                    .filter(AttributeProto::hasG)
                    .forEach(attribute -> capture(attribute.getG(), read));
        }
        read.removeAll(own);
        read.remove("");
        captured.addAll(read);
    }

    /** This node with other names for what it, and graphs in its attributes, read from around it. */
    public Node reading(UnaryOperator<String> renamed) {
        List<AttributeProto> changed = attributes.protos().stream()
                .map(attribute -> attribute.hasG()
                        ? attribute.toBuilder()
                                .setG(reading(attribute.getG(), renamed))
                                .build()
                        : attribute)
                .toList();
        return new Node(name, op, domain, inputs.stream().map(renamed).toList(), outputs, Attributes.of(changed));
    }

    /** A graph's own values are never called as one around it, so their names stay. */
    private static GraphProto reading(GraphProto graph, UnaryOperator<String> renamed) {
        GraphProto.Builder changed = graph.toBuilder().clearNode();
        graph.getNodeList()
                .forEach(node ->
                        changed.addNode(Node.of(node, 0).reading(renamed).toProto()));
        for (int i = 0; i < graph.getOutputCount(); i++) {
            changed.getOutputBuilder(i).setName(renamed.apply(graph.getOutput(i).getName()));
        }
        return changed.build();
    }

    /** The inputs, and behind them, of a graph that is run step by step, what it reads from around it. */
    public List<String> reads() {
        if (!isRepeated()) {
            return inputs;
        }
        List<String> reads = new ArrayList<>(inputs);
        reads.addAll(captured());
        return reads;
    }

    /** Whether the node runs a graph for each step. */
    public boolean isRepeated() {
        return op.equals("Scan") && domain.isEmpty();
    }

    /** What of {@link #reads()} the outcome depends on by its elements; of the others it takes the shape or the type alone. */
    public List<String> elementsRead() {
        if (isRepeated()) {
            return reads();
        }
        if (facts().has(Trait.SHAPE_ONLY)) {
            return List.of();
        }
        return facts().has(Trait.SECOND_TYPE_ONLY) && !inputs.isEmpty() ? inputs.subList(0, 1) : inputs;
    }

    /** What is known of the operator. */
    public OperatorFacts facts() {
        return OperatorFacts.of(domain, op);
    }

    /** The value at {@code position} of {@link #reads()}, or an empty string. */
    public String input(int position) {
        if (position < inputs.size() || !isRepeated()) {
            return position < inputs.size() ? inputs.get(position) : "";
        }
        List<String> reads = reads();
        return position < reads.size() ? reads.get(position) : "";
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
