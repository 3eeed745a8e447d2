package io.squisher.tf.slots;

import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Mark;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * Finds the penalties whose gradient is part of the gradients that an accumulator squares: their strengths are among the
 * values that the gradient is computed from.
 */
public final class PenaltyGradients {
    /** Operations that take shapes of their inputs: a gradient begins as ones of the loss's shape. */
    private static final Set<String> SHAPES =
            Set.of("BroadcastGradientArgs", "OnesLike", "Rank", "Shape", "ShapeN", "Size", "ZerosLike");

    private PenaltyGradients() {}

    /**
     * The strengths of the penalties in the gradients of {@code variables}.
     *
     * @return by the parameter's name; parameters without penalties are left out
     */
    public static Map<String, Set<GraphVariable>> in(List<TrainedVariable> variables) {
        Map<String, Set<GraphVariable>> found = new LinkedHashMap<>();
        if (variables.isEmpty() || !hasPenalty(variables.get(0).update().env())) {
            return found;
        }
        for (TrainedVariable variable : variables) {
            Set<GraphOperation> strengths = strengths(variable.gradient());
            if (!strengths.isEmpty()) {
                Set<GraphVariable> read = new LinkedHashSet<>();
                strengths.forEach(strength -> read.add(GraphVariable.of(strength)));
                found.put(variable.name(), read);
            }
        }
        return found;
    }

    private static boolean hasPenalty(Graph graph) {
        return GraphVariable.all(graph).stream().anyMatch(variable -> Mark.PENALTY_STRENGTH.isOn(variable.operation()));
    }

    private static Set<GraphOperation> strengths(Output<?> gradient) {
        Set<GraphOperation> strengths = new LinkedHashSet<>();
        Set<GraphOperation> seen = new HashSet<>();
        Deque<GraphOperation> open = new ArrayDeque<>(List.of(Edges.operation(gradient)));
        while (!open.isEmpty()) {
            GraphOperation operation = open.pop();
            if (!seen.add(operation) || SHAPES.contains(operation.type())) {
                continue;
            }
            if (Mark.PENALTY_STRENGTH.isOn(operation)) {
                strengths.add(operation);
            } else if (Mark.DATA_GRADIENT.isOn(operation)) {
                Set<GraphOperation> left = strengths(operation.input(0));
                left.removeAll(strengths(operation.input(1)));
                strengths.addAll(left);
            } else {
                for (int i = 0; i < operation.numInputs(); i++) {
                    open.push(Edges.operation(operation.input(i)));
                }
            }
        }
        return strengths;
    }
}
