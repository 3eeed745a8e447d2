package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Reduce operators: axes are an input since opset 18 (13 for ReduceSum). Where there are none and {@code
 * noop_with_empty_axes} says that nothing is reduced, what is left is a function of each element, as which it is written:
 * ONNX Runtime fails on most.
 */
final class ReductionAdapter {
    /** What becomes of a single element. */
    private static final Map<String, String> OF_ONE = Map.of(
            "ReduceL1", "Abs",
            "ReduceL2", "Abs",
            "ReduceLogSum", "Log");

    private ReductionAdapter() {}

    static void raise(Node node, OpsetRaiser raiser) {
        Optional<long[]> axes = node.attributes().integers("axes");
        boolean given = axes.isPresent()
                ? axes.get().length > 0
                : node.hasInput(1)
                        && raiser.stored(node.input(1)).map(v -> v.size() > 0).orElse(true);
        if (!given && node.attributes().integer("noop_with_empty_axes", 0) != 0) {
            single(node, raiser);
        } else if (given && axes.isPresent()) {
            AttributeAdapters.attributeToInput("axes").raise(node, raiser);
        } else {
            raiser.emit(node.withAttributes(node.attributes().without("axes")));
        }
    }

    private static void single(Node node, OpsetRaiser raiser) {
        String x = node.input(0);
        boolean squared = node.op().equals("ReduceSumSquare");
        String op = squared ? "Mul" : OF_ONE.getOrDefault(node.op(), "Identity");
        List<String> inputs = squared ? List.of(x, x) : List.of(x);
        raiser.emit(new Node(node.name(), op, "", inputs, List.of(node.output(0)), Attributes.NONE));
    }
}
