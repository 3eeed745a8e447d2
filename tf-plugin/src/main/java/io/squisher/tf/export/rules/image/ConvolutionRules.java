package io.squisher.tf.export.rules.image;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * Convolutions of images and volumes, and transposed ones. TensorFlow keeps filters as [spatial…, in, out], ONNX as
 * [out, in, spatial…].
 */
public final class ConvolutionRules {
    private ConvolutionRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "Conv2D", ConvolutionRules::convolution,
                "Conv3D", ConvolutionRules::convolution,
                "Conv2DBackpropInput", ConvolutionRules::transposed,
                "Conv3DBackpropInputV2", ConvolutionRules::transposed,
                "DepthwiseConv2dNative", ConvolutionRules::depthwise);
    }

    private static void convolution(TensorFlowNode node) {
        ImageLayout layout = ImageLayout.of(node);
        convolve(node, layout, channelsFirst(node, layout), groups(node, layout));
    }

    /** Fewer input channels in the filter than in the image mean groups. */
    private static long groups(TensorFlowNode node, ImageLayout layout) {
        long channels = layout.channels(node.shape(0));
        return channels < 0 ? 1 : channels / filter(node).get(layout.axes());
    }

    /** [spatial…, in, out] to [out, in, spatial…]. */
    private static String channelsFirst(TensorFlowNode node, ImageLayout layout) {
        long[] order = new long[layout.axes() + 2];
        order[0] = layout.axes() + 1L;
        order[1] = layout.axes();
        for (int axis = 0; axis < layout.axes(); axis++) {
            order[axis + 2] = axis;
        }
        return node.emit("Transpose", List.of(node.x(1)), Attributes.integers("perm", order));
    }

    private static void depthwise(TensorFlowNode node) {
        convolve(node, ImageLayout.of(node), depthwiseFilter(node), filter(node).get(2));
    }

    /** Filter [h, w, C, M]: channel c of the input makes the outputs c·M … c·M+M-1. */
    private static String depthwiseFilter(TensorFlowNode node) {
        Shape filter = filter(node);
        String perChannel = node.emit("Transpose", List.of(node.x(1)), Attributes.integers("perm", 2, 3, 0, 1));
        String shape = node.integers("shape", filter.get(2) * filter.get(3), 1, filter.get(0), filter.get(1));
        return node.emit("Reshape", perChannel, shape);
    }

    /** A convolution that is dilated by blocks moved into the batch. */
    static void dilated(DilatedConvolution dilated) {
        TensorFlowNode node = dilated.convolution();
        ImageLayout layout = ImageLayout.of(node);
        boolean depthwise = node.operationType().equals("DepthwiseConv2dNative");
        layout.result(
                dilated.end(),
                "Conv",
                List.of(
                        layout.toOnnx(node, dilated.start().x(0)),
                        depthwise ? depthwiseFilter(node) : channelsFirst(node, layout)),
                Attributes.integers("kernel_shape", Arrays.copyOf(filter(node).asArray(), layout.axes())),
                Attributes.integers("dilations", dilated.start().requiredConstant(1)),
                Attributes.integers("pads", dilated.pads()),
                Attributes.integer("group", depthwise ? filter(node).get(2) : groups(node, layout)));
    }

    private static Shape filter(TensorFlowNode node) {
        Shape filter = node.shape(1);
        if (filter.isUnknown() || filter.hasUnknownDimension()) {
            throw node.unsupported("the shape of its filter is unknown");
        }
        return filter;
    }

    private static Padding.Window window(TensorFlowNode node, ImageLayout layout, Shape image) {
        return new Padding.Window(
                layout.spatial(image),
                Arrays.copyOf(filter(node).asArray(), layout.axes()),
                layout.spatial(node.integers("strides")),
                layout.spatial(node.integers("dilations")));
    }

    private static void convolve(TensorFlowNode node, ImageLayout layout, String weights, long groups) {
        Padding.Window window = window(node, layout, node.shape(0));
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

    /**
     * The gradient of a convolution, by which TensorFlow transposes one: its input 0 says the output's shape, input 2 is the
     * image. What the windows of the convolution leave over at the end is ONNX's {@code output_padding}.
     */
    private static void transposed(TensorFlowNode node) {
        ImageLayout layout = ImageLayout.of(node);
        Padding.Window window = window(node, layout, node.outputShape(0));
        long[] image = layout.spatial(node.shape(2));
        long[] over = new long[layout.axes()];
        long[] pads = Padding.pads(node, layout, window)
                .orElseThrow(() -> node.unsupported("the size of its output is unknown"));
        for (int axis = 0; axis < over.length; axis++) {
            if (image[axis] < 0 || window.image()[axis] < 0) {
                throw node.unsupported("the size of its input or output is unknown");
            }
            long reached = window.strides()[axis] * (image[axis] - 1) + window.covered(axis);
            over[axis] = window.image()[axis] - (reached - pads[axis] - pads[axis + over.length]);
        }
        layout.result(
                node,
                "ConvTranspose",
                List.of(layout.toOnnx(node, node.x(2)), channelsFirst(node, layout)),
                Attributes.integers("kernel_shape", window.size()),
                Attributes.integers("strides", window.strides()),
                Attributes.integers("dilations", window.dilations()),
                Attributes.integers("pads", pads),
                Attributes.integers("output_padding", over));
    }
}
