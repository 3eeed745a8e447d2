package io.squisher.tf.export.rules;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/** Where an image operation has its channels; ONNX knows only channels first. */
record ImageLayout(boolean channelsLast) {
    static ImageLayout of(TensorFlowNode node) {
        return switch (node.text("data_format")) {
            case "NHWC" -> new ImageLayout(true);
            case "NCHW" -> new ImageLayout(false);
            default -> throw node.unsupported("data_format " + node.text("data_format"));
        };
    }

    /** The two numbers for height and width out of four, one an axis. */
    long[] spatial(long[] perAxis) {
        return channelsLast ? new long[] {perAxis[1], perAxis[2]} : new long[] {perAxis[2], perAxis[3]};
    }

    /** Height and width; -1 where unknown. */
    long[] spatial(Shape image) {
        return image.isUnknown() ? new long[] {-1, -1} : spatial(image.asArray());
    }

    /** The number of channels; -1 where unknown. */
    long channels(Shape image) {
        return image.isUnknown() ? -1 : image.get(channelsLast ? 3 : 1);
    }

    /** The image with its channels first. */
    String toOnnx(TensorFlowNode node, String image) {
        return channelsLast ? node.emit("Transpose", List.of(image), Attributes.integers("perm", 0, 3, 1, 2)) : image;
    }

    /** Yields the operation's output from an ONNX node whose result has its channels first. */
    void result(TensorFlowNode node, String type, List<String> inputs, AttributeProto... attributes) {
        if (channelsLast) {
            String image = node.emit(type, inputs, attributes);
            node.result("Transpose", List.of(image), Attributes.integers("perm", 0, 2, 3, 1));
        } else {
            node.result(type, inputs, attributes);
        }
    }
}
