package io.squisher.onnx.fisher;

import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the operator that keeps gradients of an output from parameters before it: a rounding, an integer, a comparison. */
final class GradientBarrier {
    private static final Set<String> STEPS = Set.of("Ceil", "Floor", "Round", "Sign", "Hardmax");

    private final GraphValues values;
    private final GradientRules rules;

    GradientBarrier(GraphValues values, GradientRules rules) {
        this.values = values;
        this.rules = rules;
    }

    /** What the last such operator does; empty where no parameter is before one. */
    Optional<String> before(String output, Set<String> parameters) {
        Graph graph = values.graph().reaching(Set.of(output));
        Set<String> reached = reachedFrom(parameters, graph.nodes());
        Set<String> passed = new HashSet<>(Set.of(output));
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().noneMatch(passed::contains)) {
                continue;
            }
            boolean floating = node.outputs().stream().anyMatch(values::isFloating);
            if (floating && rules.isDifferentiable(node)) {
                passed.addAll(node.elementsRead());
            } else if (node.inputs().stream().anyMatch(reached::contains)) {
                return Optional.of("no gradient passes " + node + ", " + reason(node, floating));
            }
        }
        return Optional.empty();
    }

    private static String reason(Node node, boolean floating) {
        if (node.op().equals("Cast")) {
            return "which makes integers of its input";
        }
        if (STEPS.contains(node.op())) {
            return "whose output is a step, flat almost everywhere";
        }
        return floating
                ? "whose output does not change with small changes of its input"
                : "which gives no floating-point numbers";
    }

    private static Set<String> reachedFrom(Set<String> parameters, List<Node> nodes) {
        Set<String> reached = new HashSet<>(parameters);
        for (Node node : nodes) {
            if (node.inputs().stream().anyMatch(reached::contains)
                    || node.captured().stream().anyMatch(reached::contains)) {
                reached.addAll(node.outputs());
            }
        }
        reached.remove("");
        return reached;
    }
}
