package io.squisher.tf.export.rules.image;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * Blocks of neighbours moved from space [B, s_1…s_m, rest…] to the batch [b_1…b_m B, s_1/b_1…s_m/b_m, rest…], and back. A
 * convolution between the two is a dilated one, which older graphs write so.
 */
public final class BlockRules {
    private BlockRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "SpaceToBatchND",
                node -> spaceToBatch(node, node.requiredConstant(1), node.requiredConstant(2)),
                "SpaceToBatch",
                node -> spaceToBatch(node, square(node), node.requiredConstant(1)),
                "BatchToSpaceND",
                node -> DilatedConvolution.between(node)
                        .ifPresentOrElse(
                                DilatedConvolution::export,
                                () -> batchToSpace(node, node.requiredConstant(1), node.requiredConstant(2))),
                "BatchToSpace",
                node -> batchToSpace(node, square(node), node.requiredConstant(1)));
    }

    private static long[] square(TensorFlowNode node) {
        long size = node.integer("block_size");
        return new long[] {size, size};
    }

    /** All sizes; only the batch may be unknown. */
    private static long[] sizes(TensorFlowNode node) {
        Shape shape = node.shape(0);
        if (shape.isUnknown() || shape.tail().hasUnknownDimension()) {
            throw node.unsupported("the size of its images is unknown");
        }
        return shape.asArray();
    }

    private static void spaceToBatch(TensorFlowNode node, long[] block, long... paddings) {
        long[] sizes = sizes(node);
        int m = block.length;
        int rank = sizes.length;
        long[] pads = new long[2 * rank];
        long[] apart = new long[rank + m];
        long[] order = new long[rank + m];
        apart[0] = -1;
        order[m] = 0;
        for (int i = 0; i < m; i++) {
            pads[1 + i] = paddings[2 * i];
            pads[rank + 1 + i] = paddings[2 * i + 1];
            sizes[1 + i] = (sizes[1 + i] + paddings[2 * i] + paddings[2 * i + 1]) / block[i];
            apart[1 + 2 * i] = sizes[1 + i];
            apart[2 + 2 * i] = block[i];
            order[i] = 2 + 2L * i;
            order[m + 1 + i] = 1 + 2L * i;
        }
        for (int axis = m + 1; axis < rank; axis++) {
            apart[axis + m] = sizes[axis];
            order[axis + m] = axis + m;
        }
        sizes[0] = -1;
        String padded = node.emit("Pad", node.x(0), node.integers("pads", pads));
        node.passes(0, rearranged(node, padded, apart, order, sizes));
    }

    private static void batchToSpace(TensorFlowNode node, long[] block, long... crops) {
        long[] sizes = sizes(node);
        int m = block.length;
        int rank = sizes.length;
        long[] apart = Arrays.copyOf(block, rank + m);
        long[] order = new long[rank + m];
        apart[m] = -1;
        order[0] = m;
        long[] starts = new long[m];
        long[] ends = new long[m];
        long[] axes = new long[m];
        for (int i = 0; i < m; i++) {
            apart[m + 1 + i] = sizes[1 + i];
            order[1 + 2 * i] = m + 1 + i;
            order[2 + 2 * i] = i;
            sizes[1 + i] *= block[i];
            starts[i] = crops[2 * i];
            ends[i] = sizes[1 + i] - crops[2 * i + 1];
            axes[i] = 1 + i;
        }
        for (int axis = m + 1; axis < rank; axis++) {
            apart[axis + m] = sizes[axis];
            order[axis + m] = axis + m;
        }
        sizes[0] = -1;
        String image = rearranged(node, node.x(0), apart, order, sizes);
        node.result(
                "Slice",
                List.of(
                        image,
                        node.integers("starts", starts),
                        node.integers("ends", ends),
                        node.integers("axes", axes)));
    }

    private static String rearranged(TensorFlowNode node, String x, long[] apart, long[] order, long... together) {
        String split = node.emit("Reshape", x, node.integers("shape", apart));
        String moved = node.emit("Transpose", List.of(split), Attributes.integers("perm", order));
        return node.emit("Reshape", moved, node.integers("shape", together));
    }
}
