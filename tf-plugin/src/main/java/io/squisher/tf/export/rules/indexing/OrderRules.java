package io.squisher.tf.export.rules.indexing;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operations that change the order of elements along an axis: backwards, or round. */
public final class OrderRules {
    private OrderRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "ReverseV2", OrderRules::reverse,
                "ReverseSequence", OrderRules::reverseSequence,
                "Roll", OrderRules::roll);
    }

    /** Each axis backwards: from its end, by steps of -1. */
    private static void reverse(TensorFlowNode node) {
        long[] axes = node.requiredConstant(1);
        if (axes.length == 0) {
            node.passes(0, node.x(0));
            return;
        }
        node.result(
                "Slice",
                List.of(
                        node.x(0),
                        node.integers("starts", repeated(Long.MAX_VALUE, axes.length)),
                        node.integers("ends", repeated(Long.MIN_VALUE, axes.length)),
                        node.integers("axes", axes),
                        node.integers("steps", repeated(-1, axes.length))));
    }

    private static long[] repeated(long value, int times) {
        return LongStream.generate(() -> value).limit(times).toArray();
    }

    /**
     * The first elements of each sequence backwards, as many as its length says. ONNX wants both axes to be the first two, and
     * ONNX Runtime leaves out a sequence of length 0, which is as good as 1.
     */
    private static void reverseSequence(TensorFlowNode node) {
        long time = node.integer("seq_dim");
        long batch = node.integer("batch_dim");
        String lengths = node.emit("Max", node.int64(1), node.int64Scalar(1));
        if (time + batch == 1) {
            node.result(
                    "ReverseSequence",
                    List.of(node.x(0), lengths),
                    Attributes.integer("time_axis", time),
                    Attributes.integer("batch_axis", batch));
            return;
        }
        long[] order = LongStream.concat(
                        LongStream.of(batch, time),
                        LongStream.range(0, node.rank(0)).filter(axis -> axis != batch && axis != time))
                .toArray();
        long[] back = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            back[(int) order[i]] = i;
        }
        String moved = node.emit("Transpose", List.of(node.x(0)), Attributes.integers("perm", order));
        String reversed = node.emit(
                "ReverseSequence",
                List.of(moved, lengths),
                Attributes.integer("time_axis", 1),
                Attributes.integer("batch_axis", 0));
        node.result("Transpose", List.of(reversed), Attributes.integers("perm", back));
    }

    /** The last elements of an axis come before the first: as many as the shift says. */
    private static void roll(TensorFlowNode node) {
        long[] shifts = node.requiredConstant(1);
        long[] axes = node.requiredConstant(2);
        String x = node.x(0);
        for (int i = 0; i < axes.length; i++) {
            long axis = axes[i] < 0 ? axes[i] + node.rank(0) : axes[i];
            long size = node.shape(0).isUnknown() ? -1 : node.shape(0).get((int) axis);
            if (size < 0) {
                throw node.unsupported("the size of its axis " + axis + " is unknown");
            }
            long shift = size == 0 ? 0 : Math.floorMod(shifts[i], size);
            if (shift != 0) {
                String last = slice(node, x, axis, size - shift, size);
                String first = slice(node, x, axis, 0, size - shift);
                x = node.emit("Concat", List.of(last, first), Attributes.integer("axis", axis));
            }
        }
        node.passes(0, x);
    }

    private static String slice(TensorFlowNode node, String x, long axis, long start, long end) {
        return node.emit(
                "Slice", x, node.integers("start", start), node.integers("end", end), node.integers("axis", axis));
    }
}
