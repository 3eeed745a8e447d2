package io.squisher.tf.export.rules.indexing;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operations that take tensors apart and put them together. */
public final class SelectionRules {
    private SelectionRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.ofEntries(
                Map.entry("ConcatV2", SelectionRules::concat),
                Map.entry("Pack", SelectionRules::pack),
                Map.entry("Unpack", SelectionRules::unpack),
                Map.entry("Split", SelectionRules::split),
                Map.entry("SplitV", SelectionRules::splitSizes),
                Map.entry("Slice", SelectionRules::slice),
                Map.entry("StridedSlice", StridedSliceRule::export),
                Map.entry("Gather", node -> gather(node, 0)),
                Map.entry("ResourceGather", node -> gather(node, 0)),
                Map.entry("GatherV2", SelectionRules::gatherAxis),
                Map.entry("GatherNd", node -> node.result("GatherND", List.of(node.x(0), node.int64(1)))),
                Map.entry("OneHot", SelectionRules::oneHot),
                Map.entry("MatrixBandPart", SelectionRules::band));
    }

    /** So many diagonals below and above the main one; all where the number is negative. */
    private static void band(TensorFlowNode node) {
        long below = node.requiredConstant(1)[0];
        long above = node.requiredConstant(2)[0];
        String kept = below < 0 ? node.x(0) : triangle(node, node.x(0), 1, -below);
        node.passes(0, above < 0 ? kept : triangle(node, kept, 0, above));
    }

    private static String triangle(TensorFlowNode node, String matrix, long upper, long diagonal) {
        String k = node.constant("diagonal", Tensor.of(Shape.of(), diagonal));
        return node.emit("Trilu", List.of(matrix, k), Attributes.integer("upper", upper));
    }

    private static void concat(TensorFlowNode node) {
        int last = node.inputs() - 1;
        node.result("Concat", node.xs(0, last), Attributes.integer("axis", node.requiredConstant(last)[0]));
    }

    private static void pack(TensorFlowNode node) {
        long axis = node.integer("axis");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < node.inputs(); i++) {
            rows.add(node.emit("Unsqueeze", List.of(node.x(i), node.integers("axes", axis))));
        }
        node.result("Concat", rows, Attributes.integer("axis", axis));
    }

    private static void unpack(TensorFlowNode node) {
        long axis = node.integer("axis");
        for (int i = 0; i < node.outputs(); i++) {
            String index = node.constant("index", Tensor.of(Shape.of(), (long) i));
            node.passes(i, node.emit("Gather", List.of(node.x(0), index), Attributes.integer("axis", axis)));
        }
    }

    /** The axis comes first, the tensor second. */
    private static void split(TensorFlowNode node) {
        node.results("Split", List.of(node.x(1)), Attributes.integer("axis", node.requiredConstant(0)[0]));
    }

    private static void splitSizes(TensorFlowNode node) {
        long[] sizes = node.requiredConstant(1);
        if (LongStream.of(sizes).anyMatch(size -> size < 0)) {
            throw node.unsupported("a size of -1");
        }
        node.results(
                "Split",
                List.of(node.x(0), node.integers("sizes", sizes)),
                Attributes.integer("axis", node.requiredConstant(2)[0]));
    }

    /** A size of -1 reaches to the end. */
    private static void slice(TensorFlowNode node) {
        long[] begin = node.requiredConstant(1);
        long[] end = node.requiredConstant(2);
        for (int axis = 0; axis < end.length; axis++) {
            end[axis] = end[axis] < 0 ? Long.MAX_VALUE : begin[axis] + end[axis];
        }
        node.result("Slice", List.of(node.x(0), node.integers("starts", begin), node.integers("ends", end)));
    }

    private static void gatherAxis(TensorFlowNode node) {
        long axis = node.requiredConstant(2)[0];
        long batchDims = node.integer("batch_dims");
        if (batchDims == 0) {
            gather(node, axis);
        } else if (batchDims > 0 && axis == batchDims) {
            String last = node.integers("axes", -1);
            node.result(
                    "GatherND",
                    List.of(node.x(0), node.emit("Unsqueeze", List.of(node.int64(1), last))),
                    Attributes.integer("batch_dims", batchDims));
        } else {
            throw node.unsupported("batch_dims " + batchDims + " with axis " + axis);
        }
    }

    private static void gather(TensorFlowNode node, long axis) {
        node.result("Gather", node.xs(0, 2), Attributes.integer("axis", axis));
    }

    /** ONNX takes off and on as one vector. */
    private static void oneHot(TensorFlowNode node) {
        String depth = node.constant("depth", Tensor.of(Shape.of(), node.requiredConstant(1)[0]));
        String axis = "axes";
        String on = node.emit("Unsqueeze", List.of(node.x(2), node.integers(axis, 0)));
        String off = node.emit("Unsqueeze", List.of(node.x(3), node.integers(axis, 0)));
        String values = node.emit("Concat", List.of(off, on), Attributes.integer("axis", 0));
        node.result("OneHot", List.of(node.x(0), depth, values), Attributes.integer("axis", node.integer("axis")));
    }
}
