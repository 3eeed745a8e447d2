package io.squisher.tf.export.rules;

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
final class SelectionRules {
    private SelectionRules() {}

    static Map<String, OperatorRule> rules() {
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
                Map.entry("Pad", node -> pad(node, "constant")),
                Map.entry("PadV2", node -> pad(node, "constant")),
                Map.entry("MirrorPad", SelectionRules::mirrorPad));
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
        if (node.integer("batch_dims") != 0) {
            throw node.unsupported("batch_dims " + node.integer("batch_dims"));
        }
        gather(node, node.requiredConstant(2)[0]);
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

    private static void mirrorPad(TensorFlowNode node) {
        if (!node.text("mode").equals("REFLECT")) {
            throw node.unsupported("mode " + node.text("mode"));
        }
        pad(node, "reflect");
    }

    /** TensorFlow lists (before, after) per axis; ONNX all before, then all after. */
    private static void pad(TensorFlowNode node, String mode) {
        long[] paddings = node.requiredConstant(1);
        int rank = paddings.length / 2;
        long[] pads = new long[paddings.length];
        for (int axis = 0; axis < rank; axis++) {
            pads[axis] = paddings[2 * axis];
            pads[rank + axis] = paddings[2 * axis + 1];
        }
        List<String> inputs = new ArrayList<>(List.of(node.x(0), node.integers("pads", pads)));
        if (node.inputs() > 2) {
            inputs.add(node.x(2));
        }
        node.result("Pad", inputs, Attributes.text("mode", mode));
    }
}
