package io.squisher.tf.export.rules;

import io.squisher.tensor.ElementType;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;

/** Operations that change a tensor's shape or order and keep its elements, and those that ask for the shape. */
final class ShapeRules {
    private ShapeRules() {}

    static Map<String, OperatorRule> rules() {
        return Map.of(
                "Reshape", ShapeRules::reshape,
                "Transpose", ShapeRules::transpose,
                "ExpandDims", ShapeRules::expandDims,
                "Squeeze", ShapeRules::squeeze,
                "Shape", node -> cast(node, node.emit("Shape", List.of(node.x(0)))),
                "Size", node -> cast(node, node.emit("Size", List.of(node.x(0)))),
                "BroadcastTo", node -> node.result("Expand", List.of(node.x(0), shape(node, 1))),
                "Fill", node -> node.result("Expand", List.of(node.x(1), shape(node, 0))),
                "ZerosLike", node -> node.result("Sub", List.of(node.x(0), node.x(0))),
                "Tile", node -> node.result("Tile", List.of(node.x(0), shape(node, 1))));
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
