package io.squisher.onnx.reading.opset;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Adapters for operators whose attributes became inputs, or went. */
final class AttributeAdapters {
    private AttributeAdapters() {}

    /** An integer or integer-list attribute that became the next input. */
    static NodeAdapter attributeToInput(String attribute) {
        return (node, raiser) -> {
            if (!node.attributes().has(attribute)) {
                raiser.emit(node);
                return;
            }
            long[] values = node.attributes()
                    .integers(attribute)
                    .filter(v -> v.length > 0)
                    .orElseGet(() -> new long[] {node.attributes().integer(attribute, 0)});
            List<String> inputs = new ArrayList<>(node.inputs());
            inputs.add(raiser.constant(node, attribute, vector(values)));
            raiser.emit(node.withInputs(inputs).withAttributes(node.attributes().without(attribute)));
        };
    }

    /** Defaults that had other values in an older version. */
    static NodeAdapter defaults(Map<String, Float> values) {
        return (node, raiser) -> {
            Attributes attributes = node.attributes();
            for (Map.Entry<String, Float> value : values.entrySet()) {
                if (!attributes.has(value.getKey())) {
                    attributes = attributes.with(value.getKey(), value.getValue());
                }
            }
            raiser.emit(node.withAttributes(attributes));
        };
    }

    /** The same operator under another name. */
    static NodeAdapter renamed(String op) {
        return (node, raiser) ->
                raiser.emit(new Node(node.name(), op, "", node.inputs(), node.outputs(), node.attributes()));
    }

    /** A real-valued attribute that became an integer: the p of the first pooling operators. */
    static NodeAdapter rounded(String attribute, long otherwise) {
        return (node, raiser) -> {
            long value = Math.round(node.attributes().number(attribute, otherwise));
            raiser.emit(node.withAttributes(node.attributes().without(attribute).with(attribute, value)));
        };
    }

    static Tensor vector(long... values) {
        return Tensor.of(Shape.of(values.length), values);
    }

    /** Clip before opset 11: the bounds were attributes. */
    static void clip(Node node, OpsetRaiser raiser) {
        List<String> inputs = new ArrayList<>(List.of(node.input(0)));
        for (String bound : List.of("min", "max")) {
            inputs.add(
                    node.attributes().has(bound)
                            ? raiser.constant(
                                    node,
                                    bound,
                                    Tensor.of(Shape.of(), node.attributes().number(bound, 0)))
                            : "");
        }
        raiser.emit(node.withInputs(inputs).withAttributes(Attributes.NONE));
    }

    /** Pad before opset 11: widths and value were attributes; before 2 the widths were called paddings. */
    static void pad(Node node, OpsetRaiser raiser) {
        long[] pads = node.attributes()
                .integers("pads")
                .or(() -> node.attributes().integers("paddings"))
                .orElseThrow(() -> new SquisherException(node + " has no pads"));
        List<String> inputs = new ArrayList<>(List.of(node.input(0)));
        inputs.add(raiser.constant(node, "pads", vector(pads)));
        inputs.add(raiser.constant(
                node, "value", Tensor.of(Shape.of(), node.attributes().number("value", 0))));
        raiser.emit(node.withInputs(inputs).withAttributes(node.attributes().without("pads", "paddings", "value")));
    }

    /** Slice before opset 10: starts, ends and axes were attributes. */
    static void slice(Node node, OpsetRaiser raiser) {
        long[] starts = node.attributes().integers("starts", new long[0]);
        long[] axes = node.attributes().integers("axes").orElseGet(() -> LongStream.range(0, starts.length)
                .toArray());
        List<String> inputs = new ArrayList<>(List.of(node.input(0)));
        inputs.add(raiser.constant(node, "starts", vector(starts)));
        inputs.add(raiser.constant(node, "ends", vector(node.attributes().integers("ends", new long[0]))));
        inputs.add(raiser.constant(node, "axes", vector(axes)));
        raiser.emit(node.withInputs(inputs).withAttributes(Attributes.NONE));
    }

    /** Split: the sizes were an attribute before opset 13; equal parts are asked for by number from 18 on. */
    static void split(Node node, OpsetRaiser raiser) {
        if (node.attributes().has("split")) {
            attributeToInput("split").raise(node, raiser);
        } else if (!node.hasInput(1)) {
            raiser.emit(node.withAttributes(
                    node.attributes().with("num_outputs", node.outputs().size())));
        } else {
            raiser.emit(node);
        }
    }

    /** Concat before opset 4 had a default axis. */
    static void concat(Node node, OpsetRaiser raiser) {
        long axis = node.attributes().integer("axis", 1);
        raiser.emit(node.withAttributes(node.attributes().with("axis", axis)));
    }

    /** GridSample before opset 20 named its interpolations after images. */
    static void gridSample(Node node, OpsetRaiser raiser) {
        String mode = node.attributes().string("mode", "bilinear");
        String now = Map.of("bilinear", "linear", "bicubic", "cubic").getOrDefault(mode, mode);
        raiser.emit(node.withAttributes(node.attributes().with("mode", now)));
    }

    /** DFT before opset 20: the axis was an attribute, with another default. */
    static void dft(Node node, OpsetRaiser raiser) {
        String axis = raiser.constant(
                node, "axis", Tensor.of(Shape.of(), node.attributes().integer("axis", 1)));
        raiser.emit(node.withInputs(List.of(node.input(0), node.input(1), axis))
                .withAttributes(node.attributes().without("axis")));
    }

    /** RoiAlign before opset 16 did not shift by half a pixel. */
    static void roiAlign(Node node, OpsetRaiser raiser) {
        raiser.emit(node.withAttributes(node.attributes().with("coordinate_transformation_mode", "output_half_pixel")));
    }
}
