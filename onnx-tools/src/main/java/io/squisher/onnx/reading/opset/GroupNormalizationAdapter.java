package io.squisher.onnx.reading.opset;

import static io.squisher.onnx.reading.opset.AttributeAdapters.vector;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.List;

/** GroupNormalization before opset 21 had a scale and a bias a group; now they are a channel's. */
final class GroupNormalizationAdapter {
    private GroupNormalizationAdapter() {}

    static void raise(Node node, OpsetRaiser raiser) {
        long groups = node.attributes().integer("num_groups", 1);
        // Channels of the input over groups: how often each group's number is repeated.
        String channels = raiser.emit(
                node,
                "Shape",
                List.of(node.input(0)),
                Attributes.NONE.with("start", 1L).with("end", 2L));
        String each = raiser.emit(
                node, "Div", List.of(channels, raiser.constant(node, "groups", vector(groups))), Attributes.NONE);
        String target = raiser.emit(
                node,
                "Concat",
                List.of(raiser.constant(node, "groups", vector(groups)), each),
                Attributes.NONE.with("axis", 0L));
        String scale = perChannel(node, 1, target, raiser);
        String bias = perChannel(node, 2, target, raiser);
        raiser.emit(node.withInputs(List.of(node.input(0), scale, bias))
                .withAttributes(node.attributes().without("stash_type")));
    }

    private static String perChannel(Node node, int position, String target, OpsetRaiser raiser) {
        String column = raiser.emit(
                node,
                "Reshape",
                List.of(node.input(position), raiser.constant(node, "column", vector(-1, 1))),
                Attributes.NONE);
        String expanded = raiser.emit(node, "Expand", List.of(column, target), Attributes.NONE);
        return raiser.emit(
                node, "Reshape", List.of(expanded, raiser.constant(node, "flat", vector(-1))), Attributes.NONE);
    }
}
