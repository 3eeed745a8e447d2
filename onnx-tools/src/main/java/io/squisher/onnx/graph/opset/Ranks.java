package io.squisher.onnx.graph.opset;

import io.squisher.onnx.graph.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Numbers of axes, as far as the file declares them and as they pass operators that leave them alone. */
final class Ranks {
    private static final Set<String> KEEPING = Set.of(
            "Abs",
            "Cast",
            "Ceil",
            "Clip",
            "Concat",
            "Dropout",
            "Erf",
            "Exp",
            "Floor",
            "Gelu",
            "Identity",
            "Neg",
            "Not",
            "Relu",
            "Sigmoid",
            "Slice",
            "Softmax",
            "Sqrt",
            "Tanh",
            "Transpose",
            "LayerNormalization",
            "CumSum",
            "Split");
    private static final Set<String> BROADCASTING = Set.of(
            "Add",
            "And",
            "Div",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Mul",
            "Or",
            "Pow",
            "Sub",
            "Where");

    private final Map<String, Integer> known = new HashMap<>();

    void declare(String name, int rank) {
        known.put(name, rank);
    }

    Optional<Integer> of(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** Follows a node that was emitted. */
    void add(Node node) {
        Optional<Integer> rank = Optional.empty();
        if (KEEPING.contains(node.op())) {
            rank = of(node.input(0));
        } else if (BROADCASTING.contains(node.op()) && node.inputs().stream().allMatch(known::containsKey)) {
            rank = node.inputs().stream().map(known::get).max(Integer::compare);
        }
        rank.ifPresent(r -> node.outputs().forEach(output -> known.putIfAbsent(output, r)));
    }
}
