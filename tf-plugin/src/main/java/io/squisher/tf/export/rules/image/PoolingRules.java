package io.squisher.tf.export.rules.image;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Pooling of images and volumes; padding counts neither in a maximum nor in a mean. */
public final class PoolingRules {
    private PoolingRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "MaxPool", node -> pool(node, "MaxPool", node.integers("ksize"), node.integers("strides")),
                "MaxPoolV2", node -> pool(node, "MaxPool", node.requiredConstant(1), node.requiredConstant(2)),
                "MaxPool3D", node -> pool(node, "MaxPool", node.integers("ksize"), node.integers("strides")),
                "AvgPool", node -> pool(node, "AveragePool", node.integers("ksize"), node.integers("strides")),
                "AvgPool3D", node -> pool(node, "AveragePool", node.integers("ksize"), node.integers("strides")));
    }

    private static void pool(TensorFlowNode node, String type, long[] sizes, long[] strides) {
        ImageLayout layout = ImageLayout.of(node);
        long windowsOverAll = sizes[0] * sizes[layout.channelAxis()];
        if (windowsOverAll != 1) {
            throw node.unsupported("a window over the batch or the channels");
        }
        long[] dense = new long[layout.axes()];
        Arrays.fill(dense, 1);
        Padding.Window window = new Padding.Window(
                layout.spatial(node.shape(0)), layout.spatial(sizes), layout.spatial(strides), dense);
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                Attributes.integers("kernel_shape", window.size()),
                Attributes.integers("strides", window.strides()),
                Padding.attribute(node, layout, window)));
        if (type.equals("AveragePool")) {
            attributes.add(Attributes.integer("count_include_pad", 0));
        }
        layout.result(node, type, List.of(layout.toOnnx(node, node.x(0))), attributes.toArray(AttributeProto[]::new));
    }
}
