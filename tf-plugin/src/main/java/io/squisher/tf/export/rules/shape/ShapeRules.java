package io.squisher.tf.export.rules.shape;

import static java.util.Map.entry;

import io.squisher.tensor.ElementType;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import io.squisher.tf.export.rules.image.ImageLayout;
import java.util.List;
import java.util.Map;

/** Operations that change a tensor's shape or order and keep its elements, and those that ask for the shape. */
public final class ShapeRules {
    private ShapeRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.ofEntries(
                entry("Reshape", ShapeRules::reshape),
                entry("Transpose", ShapeRules::transpose),
                entry("ExpandDims", ShapeRules::expandDims),
                entry("Squeeze", ShapeRules::squeeze),
                entry("Shape", node -> cast(node, node.emit("Shape", List.of(node.x(0))))),
                entry("ShapeN", ShapeRules::shapes),
                entry("Size", node -> cast(node, node.emit("Size", List.of(node.x(0))))),
                entry("Rank", node -> cast(node, node.emit("Size", List.of(node.emit("Shape", List.of(node.x(0))))))),
                entry("BroadcastTo", node -> node.result("Expand", List.of(node.x(0), shape(node, 1)))),
                entry("Fill", node -> node.result("Expand", List.of(node.x(1), shape(node, 0)))),
                entry("ZerosLike", node -> node.result("Sub", List.of(node.x(0), node.x(0)))),
                entry("Tile", node -> node.result("Tile", List.of(node.x(0), shape(node, 1)))),
                entry("DepthToSpace", node -> blocks(node, "DepthToSpace")),
                entry("SpaceToDepth", node -> blocks(node, "SpaceToDepth")));
    }

    /** Both count a block's pixels before the channels. */
    private static void blocks(TensorFlowNode node, String type) {
        ImageLayout layout = ImageLayout.of(node);
        layout.result(
                node,
                type,
                List.of(layout.toOnnx(node, node.x(0))),
                Attributes.integer("blocksize", node.integer("block_size")));
    }

    private static void shapes(TensorFlowNode node) {
        for (int i = 0; i < node.outputs(); i++) {
            String shape = node.emit("Shape", List.of(node.x(i)));
            node.passes(
                    i,
                    node.outputType(i) == ElementType.I64
                            ? shape
                            : node.emit("Cast", List.of(shape), TensorFlowNode.castTo(node.outputType(i))));
        }
    }

    /** ONNX counts in int64; TensorFlow in what the graph says. */
    private static void cast(TensorFlowNode node, String counted) {
        if (node.outputType(0) == ElementType.I64) {
            node.passes(0, counted);
        } else {
            node.result("Cast", List.of(counted), TensorFlowNode.castTo(node.outputType(0)));
        }
    }

    private static String shape(TensorFlowNode node, int input) {
        return node.constant(input).map(dims -> node.integers("shape", dims)).orElseGet(() -> node.int64(input));
    }

    private static void reshape(TensorFlowNode node) {
        node.result("Reshape", List.of(node.x(0), shape(node, 1)));
    }

    private static void transpose(TensorFlowNode node) {
        node.result("Transpose", List.of(node.x(0)), Attributes.integers("perm", node.requiredConstant(1)));
    }

    private static void expandDims(TensorFlowNode node) {
        node.result("Unsqueeze", List.of(node.x(0), node.integers("axes", node.requiredConstant(1))));
    }

    /** Without axes: every axis of size 1, which must then be known. */
    private static void squeeze(TensorFlowNode node) {
        long[] axes = node.integers("squeeze_dims");
        if (axes.length > 0) {
            node.result("Squeeze", List.of(node.x(0), node.integers("axes", axes)));
        } else if (node.shape(0).isUnknown() || node.shape(0).hasUnknownDimension()) {
            throw node.unsupported("without axes, of a shape that is not known whole");
        } else {
            node.result("Squeeze", List.of(node.x(0)));
        }
    }
}
