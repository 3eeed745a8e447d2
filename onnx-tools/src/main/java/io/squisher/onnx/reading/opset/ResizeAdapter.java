package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Upsample, and Resize of opset 10, as today's Resize: both took coordinates as they are (asymmetric). The nearest
 * element was the one before when growing and, in ONNX Runtime, the one behind when shrinking.
 */
final class ResizeAdapter {
    private ResizeAdapter() {}

    /** Upsample: scales were an attribute before opset 9, two attributes before 7. */
    static void upsample(Node node, OpsetRaiser raiser) {
        if (node.hasInput(1)) {
            resize(node, raiser);
        } else if (node.attributes().has("scales")) {
            List<Float> values = node.attributes().numbers("scales").get();
            float[] scales = new float[values.size()];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = values.get(i);
            }
            resize(node, scales, raiser);
        } else {
            float height = node.attributes().number("height_scale", 1);
            float width = node.attributes().number("width_scale", 1);
            resize(node, new float[] {1, 1, height, width}, raiser);
        }
    }

    /** Resize of opset 10: scales only, no choice of coordinates. Scales that are computed are taken as growing. */
    static void resize(Node node, OpsetRaiser raiser) {
        Optional<float[]> scales = raiser.stored(node.input(1)).map(Tensor::toFloats);
        if (scales.isPresent()) {
            resize(node, scales.get(), raiser);
        } else {
            raiser.emit(
                    resized(node, node.input(0), node.input(1), attributes(node).with("nearest_mode", "floor")));
        }
    }

    private static Attributes attributes(Node node) {
        String mode = node.attributes().string("mode", "nearest").toLowerCase(Locale.ROOT);
        return Attributes.NONE
                .with("mode", mode.endsWith("linear") ? "linear" : mode)
                .with("coordinate_transformation_mode", "asymmetric");
    }

    private static void resize(Node node, float[] scales, OpsetRaiser raiser) {
        Attributes attributes = attributes(node);
        if (!attributes.string("mode", "nearest").equals("nearest")) {
            raiser.emit(resized(node, node.input(0), constant(node, scales, raiser), attributes));
            return;
        }
        float[] growing = scales.clone();
        float[] shrinking = scales.clone();
        boolean shrinks = false;
        for (int i = 0; i < scales.length; i++) {
            growing[i] = Math.max(1, scales[i]);
            shrinking[i] = Math.min(1, scales[i]);
            shrinks |= scales[i] < 1;
        }
        String x = node.input(0);
        if (shrinks) {
            Node first = resized(node, x, constant(node, shrinking, raiser), attributes.with("nearest_mode", "ceil"));
            x = raiser.emit(node, "Resize", first.inputs(), first.attributes());
        }
        raiser.emit(resized(node, x, constant(node, growing, raiser), attributes.with("nearest_mode", "floor")));
    }

    private static String constant(Node node, float[] scales, OpsetRaiser raiser) {
        return raiser.constant(node, "scales", Tensor.of(Shape.of(scales.length), scales));
    }

    private static Node resized(Node node, String x, String scales, Attributes attributes) {
        return new Node(node.name(), "Resize", "", List.of(x, "", scales), node.outputs(), attributes);
    }
}
