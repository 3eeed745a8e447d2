package io.squisher.onnx.reading.opset;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;

/** BatchNormalization as inference has it: the statistics are inputs, and nothing but Y comes out. */
final class BatchNormalizationAdapter {
    /** From here on training is asked for by an attribute, before by asking for the statistics as outputs. */
    private static final int EXPLICIT_TRAINING = 14;

    /** Before, {@code is_test} said that it is inference, and 0 was its default. */
    private static final int WITHOUT_IS_TEST = 7;

    private BatchNormalizationAdapter() {}

    static void raise(Node node, OpsetRaiser raiser) {
        Attributes attributes = node.attributes();
        if (attributes.integer("spatial", 1) == 0) {
            throw new SquisherException(
                    node + " normalises each position for itself (spatial=0), which the standard gave up; re-export");
        }
        boolean training = raiser.opset() >= EXPLICIT_TRAINING
                ? attributes.integer("training_mode", 0) != 0
                : raiser.opset() >= WITHOUT_IS_TEST
                        ? node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty())
                        : attributes.integer("is_test", 0) == 0;
        if (training) {
            throw new SquisherException(node + " is in training mode, where the examples of a batch are normalised by"
                    + " each other and no example has a gradient of its own; export the model in eval mode");
        }
        Attributes kept = attributes.without("spatial", "is_test", "training_mode");
        raiser.emit(new Node(
                node.name(), node.op(), "", node.inputs(), node.outputs().subList(0, 1), kept));
    }
}
