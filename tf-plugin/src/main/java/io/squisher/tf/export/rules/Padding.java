package io.squisher.tf.export.rules;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.TensorFlowNode;

/**
 * TensorFlow's padding of a window of size k, dilation d and stride s over n elements: VALID is none; SAME pads so that
 * ceil(n/s) windows fit, by p = max((ceil(n/s)-1)·s + (k-1)·d + 1 - n, 0), of which ⌊p/2⌋ go before.
 */
final class Padding {
    private Padding() {}

    /**
     * The window's geometry, height first.
     *
     * @param image height and width of the input; -1 where unknown
     */
    record Window(long[] image, long[] size, long[] strides, long[] dilations) {}

    /** The attribute that pads as the operation's {@code padding} says. */
    static AttributeProto attribute(TensorFlowNode node, ImageLayout layout, Window window) {
        return switch (node.text("padding")) {
            case "VALID" -> Attributes.integers("pads", 0, 0, 0, 0);
            case "SAME" -> same(window);
            case "EXPLICIT" -> explicit(layout, node.integers("explicit_paddings"));
            default -> throw node.unsupported("padding " + node.text("padding"));
        };
    }

    private static AttributeProto same(Window window) {
        long[] pads = new long[4];
        for (int i = 0; i < 2; i++) {
            long total = total(window, i);
            if (total < 0) {
                return Attributes.text("auto_pad", "SAME_UPPER");
            }
            pads[i] = total / 2;
            pads[i + 2] = total - total / 2;
        }
        return Attributes.integers("pads", pads);
    }

    /** Padding along one axis; -1 where it depends on a size that is unknown. */
    private static long total(Window window, int axis) {
        long covered = (window.size[axis] - 1) * window.dilations[axis] + 1;
        long stride = window.strides[axis];
        long n = window.image[axis];
        if (n < 0) {
            return stride == 1 ? covered - 1 : -1;
        }
        long windows = (n + stride - 1) / stride;
        return Math.max((windows - 1) * stride + covered - n, 0);
    }

    /** TensorFlow lists (before, after) for each axis of the layout. */
    private static AttributeProto explicit(ImageLayout layout, long[] paddings) {
        int height = layout.channelsLast() ? 2 : 4;
        return Attributes.integers(
                "pads", paddings[height], paddings[height + 2], paddings[height + 1], paddings[height + 3]);
    }
}
