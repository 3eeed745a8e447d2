package io.squisher.tf.export.rules.indexing;

import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.ArrayList;
import java.util.List;

/**
 * StridedSlice: {@code x[begin:end:stride]} with masks, a bit per position: a begin or end that is ignored, an ellipsis, a new
 * axis, a position that is taken out.
 */
final class StridedSliceRule {
    private final List<Long> starts = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private final List<Long> steps = new ArrayList<>();
    private final List<Long> axes = new ArrayList<>();
    private final List<Long> removed = new ArrayList<>();
    private final List<Long> added = new ArrayList<>();

    private StridedSliceRule() {}

    static void export(TensorFlowNode node) {
        StridedSliceRule slice = new StridedSliceRule();
        slice.read(node);
        slice.emit(node);
    }

    private void read(TensorFlowNode node) {
        long[] begin = node.requiredConstant(1);
        long[] end = node.requiredConstant(2);
        long[] stride = node.requiredConstant(3);
        int newAxes = Long.bitCount(node.integer("new_axis_mask") & ~node.integer("ellipsis_mask"));
        long axis = 0;
        long result = 0;
        for (int i = 0; i < begin.length; i++) {
            if (bit(node, "ellipsis_mask", i)) {
                long skipped = node.rank(0) - (begin.length - 1 - newAxes);
                axis += skipped;
                result += skipped;
            } else if (bit(node, "new_axis_mask", i)) {
                added.add(result++);
            } else if (bit(node, "shrink_axis_mask", i)) {
                // The element at -1 ends at the end, not at 0.
                add(axis, begin[i], begin[i] == -1 ? Long.MAX_VALUE : begin[i] + 1, 1);
                removed.add(axis++);
            } else {
                boolean backwards = stride[i] < 0;
                long first = bit(node, "begin_mask", i) ? (backwards ? Long.MAX_VALUE : 0) : begin[i];
                long last = bit(node, "end_mask", i) ? (backwards ? Long.MIN_VALUE : Long.MAX_VALUE) : end[i];
                add(axis++, first, last, stride[i]);
                result++;
            }
        }
    }

    private static boolean bit(TensorFlowNode node, String mask, int position) {
        return (node.integer(mask) >> position & 1) != 0;
    }

    private void add(long axis, long start, long end, long step) {
        axes.add(axis);
        starts.add(start);
        ends.add(end);
        steps.add(step);
    }

    private void emit(TensorFlowNode node) {
        String value = node.x(0);
        if (!axes.isEmpty()) {
            value = node.emit(
                    "Slice",
                    List.of(
                            value,
                            node.integers("starts", array(starts)),
                            node.integers("ends", array(ends)),
                            node.integers("axes", array(axes)),
                            node.integers("steps", array(steps))));
        }
        if (!removed.isEmpty()) {
            value = node.emit("Squeeze", List.of(value, node.integers("removed", array(removed))));
        }
        if (!added.isEmpty()) {
            value = node.emit("Unsqueeze", List.of(value, node.integers("added", array(added))));
        }
        node.passes(0, value);
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
