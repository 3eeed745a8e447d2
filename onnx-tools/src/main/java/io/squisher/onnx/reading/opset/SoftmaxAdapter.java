package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.List;

/** Softmax, LogSoftmax and Hardmax before opset 13 normalise over all axes from {@code axis} on, flattened to one. */
final class SoftmaxAdapter {
    private SoftmaxAdapter() {}

    static void flattened(Node node, OpsetRaiser raiser) {
        long axis = node.attributes().integer("axis", 1);
        if (axis == -1) {
            raiser.emit(node);
            return;
        }
        String x = node.input(0);
        String flat = raiser.emit(node, "Flatten", List.of(x), Attributes.NONE.with("axis", axis));
        String y = raiser.emit(node, node.op(), List.of(flat), Attributes.NONE.with("axis", 1));
        String shape = raiser.emit(node, "Shape", List.of(x), Attributes.NONE);
        raiser.emit(new Node(node.name(), "Reshape", "", List.of(y, shape), List.of(node.output(0)), Attributes.NONE));
    }
}
