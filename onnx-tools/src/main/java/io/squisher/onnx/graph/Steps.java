package io.squisher.onnx.graph;

import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A Scan as the reader leaves it: along first axes, in the order of time, and with the states before each step as its last
 * outputs, from which gradients are computed. Its first step stands in the graph around it, too: there the shapes of the
 * values inside are measured, whose names are those of the first step's with something behind them.
 *
 * @param node the Scan
 * @param body what is done at each step
 * @param states how many values go from step to step; they are the body's first inputs and outputs
 */
public record Steps(Node node, GraphProto body, int states) {
    private static final String INSIDE = "@step";

    /** The steps of a Scan. */
    public static Steps of(Node node) {
        GraphProto body = node.attributes().graph("body").orElse(GraphProto.getDefaultInstance());
        int slices = (int) node.attributes().integer("num_scan_inputs", 0);
        return new Steps(node, body, node.inputs().size() - slices);
    }

    /** What a value of the first step is called in the body. */
    public static String inside(String name) {
        return name + INSIDE;
    }

    /** The value of the first step that a value of the body stands for. */
    public static String outside(String name) {
        int end = name.indexOf(INSIDE);
        return end < 0 ? name : name.substring(0, end);
    }

    /** How many values are kept of each step, the states before it not counted. */
    public int kept() {
        return node.outputs().size() - 2 * states;
    }

    /** What the body calls its input {@code position}. */
    public String input(int position) {
        return body.getInput(position).getName();
    }

    /** What the body calls its output {@code position}. */
    public String output(int position) {
        return body.getOutput(position).getName();
    }

    /** The values of the first step. */
    public Set<String> firstStep() {
        Set<String> names = new LinkedHashSet<>();
        for (List<ValueInfoProto> values : List.of(body.getInputList(), body.getOutputList())) {
            values.forEach(value -> names.add(outside(value.getName())));
        }
        for (NodeProto inner : body.getNodeList()) {
            inner.getOutputList().forEach(name -> names.add(outside(name)));
        }
        return names;
    }
}
