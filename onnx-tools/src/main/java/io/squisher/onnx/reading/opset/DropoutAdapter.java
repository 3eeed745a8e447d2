package io.squisher.onnx.reading.opset;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** Dropout does nothing in inference, and its mask keeps everything. */
final class DropoutAdapter {
    /** Before, the mask had the type of the input. */
    private static final int BOOLEAN_MASK = 10;

    private DropoutAdapter() {}

    static void toIdentity(Node node, OpsetRaiser raiser) {
        boolean asked = node.attributes().has("is_test") && node.attributes().integer("is_test", 0) == 0;
        boolean training = node.hasInput(2)
                && raiser.stored(node.input(2))
                        .map(Tensor::toLongs)
                        .map(v -> v[0] != 0)
                        .orElse(true);
        if (training || asked) {
            throw new SquisherException(
                    node + " is in training mode, where gradients are random; export the model in eval mode");
        }
        if (!node.output(1).isEmpty()) {
            Tensor kept = raiser.opset() < BOOLEAN_MASK
                    ? Tensor.of(Shape.of(1), 1f)
                    : Tensor.of(ElementType.BOOL, Shape.of(1), ByteBuffer.wrap(new byte[] {1}));
            String shape = raiser.emit(node, "Shape", List.of(node.input(0)), Attributes.NONE);
            raiser.emit(new Node(
                    node.name() + "/mask",
                    "ConstantOfShape",
                    "",
                    List.of(shape),
                    List.of(node.output(1)),
                    Attributes.NONE.with("value", OnnxTensors.write("", kept))));
        }
        raiser.emit(OpsetAdapters.identity(node));
    }
}
