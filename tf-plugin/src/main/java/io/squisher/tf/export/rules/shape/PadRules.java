package io.squisher.tf.export.rules.shape;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Padding by a number or by the mirror image. */
public final class PadRules {
    private PadRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "Pad", node -> pad(node, "constant"),
                "PadV2", node -> pad(node, "constant"),
                "MirrorPad", PadRules::mirror);
    }

    private static void mirror(TensorFlowNode node) {
        switch (node.text("mode")) {
            case "REFLECT" -> pad(node, "reflect");
            case "SYMMETRIC" -> symmetric(node);
            default -> throw node.unsupported("mode " + node.text("mode"));
        }
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

    /** The mirror image with the border's own elements, which ONNX does not know: slices backwards, joined. */
    private static void symmetric(TensorFlowNode node) {
        long[] paddings = node.requiredConstant(1);
        String x = node.x(0);
        for (int axis = 0; axis < paddings.length / 2; axis++) {
            long before = paddings[2 * axis];
            long after = paddings[2 * axis + 1];
            List<String> parts = new ArrayList<>();
            if (before > 0) {
                parts.add(backwards(node, x, axis, before - 1, Long.MIN_VALUE));
            }
            parts.add(x);
            if (after > 0) {
                parts.add(backwards(node, x, axis, -1, -1 - after));
            }
            x = parts.size() == 1 ? x : node.emit("Concat", parts, Attributes.integer("axis", axis));
        }
        node.passes(0, x);
    }

    private static String backwards(TensorFlowNode node, String x, int axis, long start, long end) {
        return node.emit(
                "Slice",
                x,
                node.integers("start", start),
                node.integers("end", end),
                node.integers("axis", axis),
                node.integers("step", -1));
    }
}
