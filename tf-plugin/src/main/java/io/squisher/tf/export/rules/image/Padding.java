package io.squisher.tf.export.rules.image;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.Optional;

/**
 * TensorFlow's padding of a window of size k, dilation d and stride s over n elements: VALID is none; SAME pads so that
 * ceil(n/s) windows fit, by p = max((ceil(n/s)-1)·s + (k-1)·d + 1 - n, 0), of which ⌊p/2⌋ go before.
 */
final class Padding {
    private Padding() {}

    /**
     * The window's geometry, a number for each spatial axis.
     *
     * @param image sizes of the input; -1 where unknown
     */
    record Window(long[] image, long[] size, long[] strides, long[] dilations) {
        /** What a window covers along an axis. */
        long covered(int axis) {
            return (size[axis] - 1) * dilations[axis] + 1;
        }
    }

    /** The attribute that pads as the operation's {@code padding} says. */
    static AttributeProto attribute(TensorFlowNode node, ImageLayout layout, Window window) {
        return pads(node, layout, window)
                .map(pads -> Attributes.integers("pads", pads))
                .orElseGet(() -> Attributes.text("auto_pad", "SAME_UPPER"));
    }

    /** The padding before each axis, then that after each; empty where it depends on a size that is unknown. */
    static Optional<long[]> pads(TensorFlowNode node, ImageLayout layout, Window window) {
        return switch (node.text("padding")) {
            case "VALID" -> Optional.of(new long[2 * layout.axes()]);
            case "SAME" -> same(window);
            case "EXPLICIT" -> Optional.of(explicit(layout, node.integers("explicit_paddings")));
            default -> throw node.unsupported("padding " + node.text("padding"));
        };
    }

    private static Optional<long[]> same(Window window) {
        int axes = window.size.length;
        long[] pads = new long[2 * axes];
        for (int i = 0; i < axes; i++) {
            long total = total(window, i);
            if (total < 0) {
                return Optional.empty();
            }
            pads[i] = total / 2;
            pads[i + axes] = total - total / 2;
        }
        return Optional.of(pads);
    }

    /** Padding along one axis; -1 where it depends on a size that is unknown. */
    private static long total(Window window, int axis) {
        long covered = window.covered(axis);
        long stride = window.strides[axis];
        long n = window.image[axis];
        if (n < 0) {
            return stride == 1 ? covered - 1 : -1;
        }
        long windows = (n + stride - 1) / stride;
        return Math.max((windows - 1) * stride + covered - n, 0);
    }

    /** TensorFlow lists (before, after) for each axis of the layout. */
    private static long[] explicit(ImageLayout layout, long... paddings) {
        long[] pads = new long[2 * layout.axes()];
        for (int axis = 0; axis < layout.axes(); axis++) {
            int at = 2 * (layout.firstSpatial() + axis);
            pads[axis] = paddings[at];
            pads[axis + layout.axes()] = paddings[at + 1];
        }
        return pads;
    }
}
