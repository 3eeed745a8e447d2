package io.squisher.tf.export.rules.image;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.tensorflow.ndarray.Shape;

/**
 * Where an operation on images or volumes has its channels; ONNX knows only channels first.
 *
 * @param axes the number of spatial axes: 2 (height, width) or 3 (depth, height, width)
 */
public record ImageLayout(boolean channelsLast, int axes) {
    public static ImageLayout of(TensorFlowNode node) {
        return switch (node.text("data_format")) {
            case "NHWC" -> new ImageLayout(true, 2);
            case "NCHW" -> new ImageLayout(false, 2);
            case "NDHWC" -> new ImageLayout(true, 3);
            case "NCDHW" -> new ImageLayout(false, 3);
            default -> throw node.unsupported("data_format " + node.text("data_format"));
        };
    }

    /** The position of the first spatial axis. */
    int firstSpatial() {
        return channelsLast ? 1 : 2;
    }

    /** The position of the channels. */
    int channelAxis() {
        return channelsLast ? axes + 1 : 1;
    }

    /** The numbers for the spatial axes out of one for each axis. */
    long[] spatial(long... perAxis) {
        return Arrays.copyOfRange(perAxis, firstSpatial(), firstSpatial() + axes);
    }

    /** The spatial sizes; -1 where unknown. */
    long[] spatial(Shape image) {
        return image.isUnknown() ? LongStream.generate(() -> -1).limit(axes).toArray() : spatial(image.asArray());
    }

    /** The number of channels; -1 where unknown. */
    long channels(Shape image) {
        return image.isUnknown() ? -1 : image.get(channelAxis());
    }

    /** The image with its channels first. */
    public String toOnnx(TensorFlowNode node, String image) {
        return channelsLast ? node.emit("Transpose", List.of(image), Attributes.integers("perm", toFirst())) : image;
    }

    private long[] toFirst() {
        long[] order = new long[axes + 2];
        order[1] = axes + 1L;
        for (int axis = 0; axis < axes; axis++) {
            order[axis + 2] = axis + 1L;
        }
        return order;
    }

    private long[] toLast() {
        long[] order = new long[axes + 2];
        order[axes + 1] = 1;
        for (int axis = 0; axis < axes; axis++) {
            order[axis + 1] = axis + 2L;
        }
        return order;
    }

    /** Yields the operation's output from an ONNX node whose result has its channels first. */
    public void result(TensorFlowNode node, String type, List<String> inputs, AttributeProto... attributes) {
        if (channelsLast) {
            String image = node.emit(type, inputs, attributes);
            node.result("Transpose", List.of(image), Attributes.integers("perm", toLast()));
        } else {
            node.result(type, inputs, attributes);
        }
    }
}
