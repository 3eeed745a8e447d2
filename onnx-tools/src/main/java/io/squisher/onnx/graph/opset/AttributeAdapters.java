package io.squisher.onnx.graph.opset;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Adapters for operators whose attributes became inputs, or went. */
final class AttributeAdapters {
    private AttributeAdapters() {}

    /** An integer or integer-list attribute that became the next input. */
    static OpsetAdapter attributeToInput(String attribute) {
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

    /** BatchNormalization before opset 14: the training outputs and switches are gone in inference. */
    static void batchNormalization(Node node, OpsetRaiser raiser) {
        if (node.attributes().integer("spatial", 1) == 0) {
            throw new SquisherException(
                    node + " normalises each position for itself (spatial=0), which the standard gave up; re-export");
        }
        raiser.emit(new Node(
                node.name(),
                node.op(),
                node.domain(),
                node.inputs(),
                node.outputs().subList(0, 1),
                node.attributes().without("spatial", "is_test", "momentum", "consumed_inputs")));
    }

    /**
     * Elementwise operators before opset 7: the second input was aligned at {@code axis} rather than at the end, and
     * only where {@code broadcast} was set.
     */
    static void broadcastAxis(Node node, OpsetRaiser raiser) {
        Attributes bare = node.attributes().without("broadcast", "axis", "consumed_inputs");
        if (node.attributes().integer("broadcast", 0) == 0 || !node.attributes().has("axis")) {
            raiser.emit(node.withAttributes(bare));
            return;
        }
        Tensor second = raiser.stored(node.input(1))
                .orElseThrow(() -> new SquisherException(node + " (opset " + raiser.opset()
                        + ") aligns a computed input at an axis; re-export with opset 7 or newer"));
        // Aligned at axis a of rank r, the second input needs r - a - rank(second) axes of size 1 behind it. The rank r
        // is not known here, so the first input's Shape decides: only axis 1 of an image is met in practice.
        long axis = node.attributes().integer("axis", 0);
        if (axis != 1 || second.shape().rank() != 1) {
            throw new SquisherException(node + " (opset " + raiser.opset() + ") aligns an input of rank "
                    + second.shape().rank() + " at axis " + axis + "; re-export with opset 7 or newer");
        }
        String aligned = raiser.emit(
                node,
                "Reshape",
                List.of(node.input(1), raiser.constant(node, "aligned", vector(-1, 1, 1))),
                Attributes.NONE);
        raiser.emit(node.withInputs(List.of(node.input(0), aligned)).withAttributes(bare));
    }
}
