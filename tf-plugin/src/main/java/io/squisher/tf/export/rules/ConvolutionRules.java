package io.squisher.tf.export.rules;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/** Convolutions of images; TensorFlow keeps filters as [height, width, in, out], ONNX as [out, in, height, width]. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static Map<String, OperatorRule> rules() {
        return Map.of("Conv2D", ConvolutionRules::conv2d, "DepthwiseConv2dNative", ConvolutionRules::depthwise);
    }

    /** Fewer input channels in the filter than in the image mean groups. */
    private static void conv2d(TensorFlowNode node) {
        ImageLayout layout = ImageLayout.of(node);
        Shape filter = filter(node);
        long channels = layout.channels(node.shape(0));
        long groups = channels < 0 ? 1 : channels / filter.get(2);
        String weights = node.emit("Transpose", List.of(node.x(1)), Attributes.integers("perm", 3, 2, 0, 1));
        convolve(node, layout, weights, groups);
    }

    /** Filter [h, w, C, M]: channel c of the input makes the outputs c·M … c·M+M-1. */
    private static void depthwise(TensorFlowNode node) {
        ImageLayout layout = ImageLayout.of(node);
        Shape filter = filter(node);
        String perChannel = node.emit("Transpose", List.of(node.x(1)), Attributes.integers("perm", 2, 3, 0, 1));
        String shape = node.integers("shape", filter.get(2) * filter.get(3), 1, filter.get(0), filter.get(1));
        convolve(node, layout, node.emit("Reshape", List.of(perChannel, shape)), filter.get(2));
    }

    private static Shape filter(TensorFlowNode node) {
        Shape filter = node.shape(1);
        if (filter.isUnknown() || filter.hasUnknownDimension()) {
            throw node.unsupported("the shape of its filter is unknown");
        }
        return filter;
    }

    private static void convolve(TensorFlowNode node, ImageLayout layout, String weights, long groups) {
        Shape filter = node.shape(1);
        Padding.Window window = new Padding.Window(
                layout.spatial(node.shape(0)),
                new long[] {filter.get(0), filter.get(1)},
                layout.spatial(node.integers("strides")),
                layout.spatial(node.integers("dilations")));
        layout.result(
                node,
                "Conv",
                List.of(layout.toOnnx(node, node.x(0)), weights),
                Attributes.integers("kernel_shape", window.size()),
                Attributes.integers("strides", window.strides()),
                Attributes.integers("dilations", window.dilations()),
                Padding.attribute(node, layout, window),
                Attributes.integer("group", groups));
    }
}
