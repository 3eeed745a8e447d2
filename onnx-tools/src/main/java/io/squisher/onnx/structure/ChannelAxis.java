package io.squisher.onnx.structure;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.NodeProto;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the weights of a graph count their output channels, by the operator that reads them. A weight that no such operator reads
 * counts them along its first axis, as a table of embeddings does.
 */
public final class ChannelAxis {
    private final Map<String, Integer> fromTheEnd = new HashMap<>();
    private final Map<String, Integer> fromTheStart = new HashMap<>();

    private ChannelAxis() {}

    /** The axes of a model's initializers. */
    public static ChannelAxis of(OnnxFile file) {
        ChannelAxis axes = new ChannelAxis();
        for (NodeProto node : file.model().getGraph().getNodeList()) {
            switch (node.getOpType()) {
                case "MatMul" -> {
                    axes.read(axes.fromTheEnd, node, 1, 1);
                    axes.read(axes.fromTheEnd, node, 0, 2);
                }
                case "Gemm" -> {
                    axes.read(axes.fromTheStart, node, 1, isSet(node, "transB") ? 0 : 1);
                    axes.read(axes.fromTheStart, node, 0, isSet(node, "transA") ? 1 : 0);
                }
                case "ConvTranspose" -> axes.read(axes.fromTheStart, node, 1, 1);
                default -> {}
            }
        }
        return axes;
    }

    private void read(Map<String, Integer> axes, NodeProto node, int input, int axis) {
        if (node.getInputCount() > input) {
            axes.putIfAbsent(node.getInput(input), axis);
        }
    }

    private static boolean isSet(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .mapToLong(AttributeProto::getI)
                .anyMatch(value -> value != 0);
    }

    /**
     * The axis, from 0.
     *
     * @param rank of the weight, at least 1
     */
    public int of(String weight, int rank) {
        int axis =
                fromTheEnd.containsKey(weight) ? rank - fromTheEnd.get(weight) : fromTheStart.getOrDefault(weight, 0);
        return Math.max(0, Math.min(rank - 1, axis));
    }
}
