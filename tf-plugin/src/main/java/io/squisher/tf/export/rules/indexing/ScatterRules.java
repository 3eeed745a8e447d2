package io.squisher.tf.export.rules.indexing;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;

/** Rows that are added where indices say, repeated ones included. */
public final class ScatterRules {
    private ScatterRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "ScatterNd", ScatterRules::scatter,
                "ScatterNdNonAliasingAdd", node -> node.passes(0, added(node, node.x(0), node.int64(1), node.x(2))),
                "SegmentSum", ScatterRules::segments,
                "UnsortedSegmentSum", ScatterRules::numberedSegments);
    }

    private static String added(TensorFlowNode node, String data, String indices, String updates) {
        return node.emit("ScatterND", List.of(data, indices, updates), Attributes.text("reduction", "add"));
    }

    /** Zeros of a shape, of the type of an input. */
    private static String zeros(TensorFlowNode node, String shape, int input) {
        String zero = node.emit("Cast", List.of(node.int64Scalar(0)), TensorFlowNode.castTo(node.type(input)));
        return node.emit("Expand", zero, shape);
    }

    /** From indices, updates and the shape. */
    private static void scatter(TensorFlowNode node) {
        node.passes(0, added(node, zeros(node, node.int64(2), 1), node.int64(0), node.x(1)));
    }

    /** Segments are numbered in ascending order: the last number says how many there are. */
    private static void segments(TensorFlowNode node) {
        String last = node.gather(node.int64(1), 0, -1);
        node.passes(0, sums(node, node.emit("Add", last, node.integers("one", 1)), node.int64(1)));
    }

    /** Negative numbers drop their rows, in TensorFlow; here into a segment behind the last, which is cut off. */
    private static void numberedSegments(TensorFlowNode node) {
        long segments = node.requiredConstant(2)[0];
        String ids = node.int64(1);
        String dropped = node.emit("Less", ids, node.int64Scalar(0));
        String kept = node.emit("Where", dropped, node.int64Scalar(segments), ids);
        String sums = sums(node, node.integers("segments", segments + 1), kept);
        node.result("Slice", List.of(sums, node.integers("start", 0), node.integers("end", segments)));
    }

    /** Data [ids…, rest…] to [count, rest…]. */
    private static String sums(TensorFlowNode node, String count, String ids) {
        String rest = node.emit("Shape", List.of(node.x(0)), Attributes.integer("start", node.rank(1)));
        String shape = node.emit("Concat", List.of(count, rest), Attributes.integer("axis", 0));
        String rows = node.emit("Unsqueeze", ids, node.integers("axes", -1));
        return added(node, zeros(node, shape, 0), rows, node.x(0));
    }
}
