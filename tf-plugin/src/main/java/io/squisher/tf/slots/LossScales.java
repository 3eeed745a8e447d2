package io.squisher.tf.slots;

import io.squisher.tf.graph.Edges;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** Looks whether gradients are divided by a loss scale before an optimizer squares them. */
public final class LossScales {
    private static final Set<String> DIVISIONS = Set.of("Div", "DivNoNan", "RealDiv");
    private static final Set<String> RECIPROCALS = Set.of("Inv", "Reciprocal");

    /** Steps back from the update: clipping and sums of gradients may stand between it and the division. */
    private static final int MOST_STEPS = 64;

    private LossScales() {}

    /** The first variable whose gradient reaches the update without a division by {@code scale}. */
    public static Optional<TrainedVariable> firstScaled(List<TrainedVariable> variables, Output<?> scale) {
        GraphOperation source = Edges.source(scale);
        return variables.stream()
                .filter(variable -> !isDivided(variable.gradient(), source))
                .findFirst();
    }

    private static boolean isDivided(Output<?> gradient, GraphOperation scale) {
        Set<GraphOperation> seen = new HashSet<>();
        Deque<GraphOperation> open = new ArrayDeque<>(List.of(Edges.operation(gradient)));
        while (!open.isEmpty() && seen.size() < MOST_STEPS) {
            GraphOperation operation = open.poll();
            if (!seen.add(operation)) {
                continue;
            }
            if (divides(operation, scale)) {
                return true;
            }
            for (int i = 0; i < operation.numInputs(); i++) {
                open.add(Edges.operation(operation.input(i)));
            }
        }
        return false;
    }

    private static boolean divides(GraphOperation operation, GraphOperation scale) {
        if (DIVISIONS.contains(operation.type())) {
            return Edges.source(operation.input(1)).equals(scale);
        }
        return RECIPROCALS.contains(operation.type())
                && Edges.source(operation.input(0)).equals(scale);
    }
}
