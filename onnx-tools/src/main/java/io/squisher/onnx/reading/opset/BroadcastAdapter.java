package io.squisher.onnx.reading.opset;

import static io.squisher.onnx.reading.opset.AttributeAdapters.vector;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;

/**
 * Elementwise operators before opset 7: the second input was aligned at {@code axis} rather than at the end, and only
 * where {@code broadcast} was set. PRelu aligned its slopes with the channels in the same way.
 */
final class BroadcastAdapter {
    private BroadcastAdapter() {}

    static void raise(Node node, OpsetRaiser raiser) {
        Attributes bare = node.attributes().without("broadcast", "axis");
        boolean aligned = node.attributes().integer("broadcast", 0) != 0
                && node.attributes().has("axis");
        String second = aligned ? aligned(node, node.attributes().integer("axis", 0), raiser) : node.input(1);
        raiser.emit(node.withInputs(List.of(node.input(0), second)).withAttributes(bare));
    }

    /** One slope for everything, or one a channel: channels are the second axis. */
    static void slopes(Node node, OpsetRaiser raiser) {
        boolean single = raiser.stored(node.input(1)).map(s -> s.size() == 1).orElse(false);
        String slopes = single ? node.input(1) : aligned(node, 1, raiser);
        raiser.emit(node.withInputs(List.of(node.input(0), slopes)));
    }

    /** The second input with axes of size 1 behind it, so that its first axis is the first input's {@code axis}. */
    private static String aligned(Node node, long axis, OpsetRaiser raiser) {
        String rank = size(node, node.input(0), raiser);
        String secondShape = raiser.emit(node, "Shape", List.of(node.input(1)), Attributes.NONE);
        String secondRank = size(node, node.input(1), raiser);
        String behind = raiser.emit(node, "Sub", List.of(rank, secondRank), Attributes.NONE);
        if (axis >= 0) {
            String offset = raiser.constant(node, "axis", vector(axis));
            behind = raiser.emit(node, "Sub", List.of(behind, offset), Attributes.NONE);
        } else {
            // The axis is -axis from the end, of which the second input covers the first.
            String offset = raiser.constant(node, "axis", vector(-axis));
            behind = raiser.emit(node, "Sub", List.of(offset, secondRank), Attributes.NONE);
        }
        String ones = raiser.emit(
                node,
                "ConstantOfShape",
                List.of(behind),
                Attributes.NONE.with("value", io.squisher.format.onnx.OnnxTensors.write("", vector(1))));
        String shape = raiser.emit(node, "Concat", List.of(secondShape, ones), Attributes.NONE.with("axis", 0L));
        return raiser.emit(node, "Reshape", List.of(node.input(1), shape), Attributes.NONE);
    }

    /** The rank of a value as a vector of one number. */
    private static String size(Node node, String value, OpsetRaiser raiser) {
        var known = raiser.rank(value);
        if (known.isPresent()) {
            return raiser.constant(node, "rank", vector(known.get()));
        }
        String shape = raiser.emit(node, "Shape", List.of(value), Attributes.NONE);
        return raiser.emit(node, "Shape", List.of(shape), Attributes.NONE);
    }

    /** Tile before opset 6 repeated along a single axis. */
    static void tile(Node node, OpsetRaiser raiser) {
        String one = raiser.constant(node, "one", Tensor.of(Shape.of(1), 1L));
        String repeats = node.input(1);
        String axis = node.input(2);
        String ones = raiser.emit(
                node,
                "ConstantOfShape",
                List.of(size(node, node.input(0), raiser)),
                Attributes.NONE.with("value", io.squisher.format.onnx.OnnxTensors.write("", vector(1))));
        String at = raiser.emit(node, "Reshape", List.of(integer(node, axis, raiser), one), Attributes.NONE);
        String count = raiser.emit(node, "Reshape", List.of(integer(node, repeats, raiser), one), Attributes.NONE);
        String all = raiser.emit(node, "ScatterElements", List.of(ones, at, count), Attributes.NONE.with("axis", 0L));
        raiser.emit(node.withInputs(List.of(node.input(0), all)));
    }

    private static String integer(Node node, String value, OpsetRaiser raiser) {
        return raiser.emit(node, "Cast", List.of(value), Attributes.NONE.with("to", 7L));
    }
}
