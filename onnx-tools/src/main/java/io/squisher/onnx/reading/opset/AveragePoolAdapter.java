package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.Arrays;
import java.util.List;

/**
 * AveragePool that counts padding. ONNX Runtime takes the padding before one axis for that behind another, which is right
 * only where all are equal; others are padded by a node of their own.
 */
final class AveragePoolAdapter {
    private AveragePoolAdapter() {}

    static void raise(Node node, OpsetRaiser raiser) {
        Attributes attributes = node.attributes();
        long[] pads = attributes.integers("pads", new long[0]);
        boolean counted = attributes.integer("count_include_pad", 0) != 0;
        if (!counted || pads.length <= 2 || Arrays.stream(pads).distinct().count() == 1 || mayLeaveOut(attributes)) {
            raiser.emit(node);
            return;
        }
        int axes = pads.length / 2;
        long[] widths = new long[2 * (axes + 2)];
        System.arraycopy(pads, 0, widths, 2, axes);
        System.arraycopy(pads, axes, widths, axes + 4, axes);
        String padding = raiser.constant(node, "pads", AttributeAdapters.vector(widths));
        String padded = raiser.emit(node, "Pad", List.of(node.input(0), padding), Attributes.NONE);
        raiser.emit(node.withInputs(List.of(padded)).withAttributes(attributes.without("pads", "count_include_pad")));
    }

    /** Whether a window may start in the padding behind the input: {@code ceil_mode} leaves out such a one. */
    private static boolean mayLeaveOut(Attributes attributes) {
        long[] pads = attributes.integers("pads", new long[0]);
        long[] kernel = attributes.integers("kernel_shape", new long[pads.length / 2]);
        long[] ones = new long[kernel.length];
        Arrays.fill(ones, 1);
        long[] strides = attributes.integers("strides", ones);
        long[] dilations = attributes.integers("dilations", ones);
        boolean leavesOut = false;
        for (int i = 0; i < kernel.length; i++) {
            long extent = (kernel[i] - 1) * dilations[i] + 1;
            leavesOut |= strides[i] > extent - pads[kernel.length + i];
        }
        return leavesOut && attributes.integer("ceil_mode", 0) != 0;
    }
}
