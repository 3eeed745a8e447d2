package io.squisher.tf.export.rules.shape;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import io.squisher.tf.export.emit.UnsupportedOperation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Diagonals of matrices: Diag and DiagPart of a whole tensor, MatrixDiag of each of many. */
public final class DiagonalRules {
    private DiagonalRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "Diag", DiagonalRules::diagonal,
                "DiagPart", DiagonalRules::part,
                "MatrixDiag", node -> node.passes(0, matrices(node, node.x(0), lastSize(node))));
    }

    private static long lastSize(TensorFlowNode node) {
        long size = node.rank(0) == 0 ? -1 : node.shape(0).get(node.rank(0) - 1);
        if (size < 0) {
            throw unknown(node);
        }
        return size;
    }

    private static UnsupportedOperation unknown(TensorFlowNode node) {
        return node.unsupported("the size of the diagonal is unknown");
    }

    private static long[] sizes(TensorFlowNode node) {
        if (node.shape(0).isUnknown() || node.shape(0).hasUnknownDimension()) {
            throw unknown(node);
        }
        return node.shape(0).asArray();
    }

    /** [n…] to [n…, n…]. */
    private static void diagonal(TensorFlowNode node) {
        long[] sizes = sizes(node);
        long count = LongStream.of(sizes).reduce(1, (a, b) -> a * b);
        String matrix = matrices(node, node.emit("Reshape", node.x(0), node.integers("flat", count)), count);
        long[] twice =
                LongStream.concat(LongStream.of(sizes), LongStream.of(sizes)).toArray();
        node.result("Reshape", List.of(matrix, node.integers("shape", twice)));
    }

    /** [n…, n…] to [n…]: every (count + 1)-th element. */
    private static void part(TensorFlowNode node) {
        long[] sizes = sizes(node);
        long[] half = Arrays.copyOf(sizes, sizes.length / 2);
        long count = LongStream.of(half).reduce(1, (a, b) -> a * b);
        String flat = node.emit("Reshape", node.x(0), node.integers("flat", count * count));
        String elements = node.gather(
                flat, 0, LongStream.range(0, count).map(i -> i * (count + 1)).toArray());
        node.result("Reshape", List.of(elements, node.integers("shape", half)));
    }

    /** [..., n] to [..., n, n]: by choice rather than by a product, which would make NaN of infinities. */
    private static String matrices(TensorFlowNode node, String x, long size) {
        long[] columns = LongStream.range(0, size).toArray();
        String row = node.constant("rows", Tensor.of(Shape.of(size, 1), columns));
        String isDiagonal = node.emit("Equal", row, node.integers("columns", columns));
        return node.emit("Where", isDiagonal, node.emit("Unsqueeze", x, node.integers("axes", -1)), node.scalar(0));
    }
}
