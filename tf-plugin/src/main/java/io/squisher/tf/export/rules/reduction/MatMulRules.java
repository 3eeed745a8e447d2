package io.squisher.tf.export.rules.reduction;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Matrix products; a transposed factor gets a Transpose of its last two axes. */
public final class MatMulRules {
    private MatMulRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "MatMul", node -> product(node, "transpose_a", "transpose_b"),
                "BatchMatMul", node -> product(node, "adj_x", "adj_y"),
                "BatchMatMulV2", node -> product(node, "adj_x", "adj_y"),
                "BatchMatMulV3", node -> product(node, "adj_x", "adj_y"),
                "Einsum", MatMulRules::einsum);
    }

    private static void product(TensorFlowNode node, String transposeA, String transposeB) {
        node.result("MatMul", List.of(factor(node, 0, node.flag(transposeA)), factor(node, 1, node.flag(transposeB))));
    }

    private static void einsum(TensorFlowNode node) {
        node.result("Einsum", node.xs(0, node.inputs()), Attributes.text("equation", node.text("equation")));
    }

    private static String factor(TensorFlowNode node, int input, boolean transposed) {
        if (!transposed) {
            return node.x(input);
        }
        int rank = node.rank(input);
        long[] axes = LongStream.range(0, rank).toArray();
        axes[rank - 2] = rank - 1;
        axes[rank - 1] = rank - 2;
        return node.emit("Transpose", List.of(node.x(input)), Attributes.integers("perm", axes));
    }
}
