package io.squisher.tf.slots;

import io.squisher.SquisherException;
import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.GraphVariable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operation;

/** Finds the variables that a graph trains, by the operations that apply an optimizer's updates. */
public final class TrainedVariables {
    private TrainedVariables() {}

    /**
     * All variables that {@code graph} trains, in the order of the graph.
     *
     * @throws SquisherException if there are none, if the optimizer keeps no squared gradients, or if two optimizers
     *     train one variable
     */
    public static List<TrainedVariable> in(Graph graph) {
        List<GraphOperation> operations = new ArrayList<>();
        for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
            operations.add(all.next());
        }
        return among(operations, "the graph");
    }

    /**
     * The variables that one training operation of the graph updates, where several optimizers share a graph.
     *
     * @param trainingOperation what the loop runs for a step, as an optimizer's {@code minimize} returns it
     */
    public static List<TrainedVariable> updatedBy(Operation trainingOperation) {
        Set<GraphOperation> reached = new HashSet<>();
        Deque<GraphOperation> open = new ArrayDeque<>(List.of((GraphOperation) trainingOperation));
        while (!open.isEmpty()) {
            GraphOperation operation = open.pop();
            if (reached.add(operation)) {
                open.addAll(operation.controlInputs());
                for (int i = 0; i < operation.numInputs(); i++) {
                    open.add(Edges.operation(operation.input(i)));
                }
            }
        }
        List<GraphOperation> ordered = new ArrayList<>();
        for (Iterator<GraphOperation> all =
                        ((GraphOperation) trainingOperation).env().operations();
                all.hasNext(); ) {
            GraphOperation operation = all.next();
            if (reached.contains(operation)) {
                ordered.add(operation);
            }
        }
        return among(ordered, "operation '" + trainingOperation.name() + "'");
    }

    private static List<TrainedVariable> among(List<GraphOperation> operations, String where) {
        Map<String, TrainedVariable> trained = new LinkedHashMap<>();
        Set<String> unusable = new TreeSet<>();
        for (GraphOperation operation : operations) {
            AccumulatorRule rule = AccumulatorRules.of(operation.type()).orElse(null);
            if (rule == null) {
                continue;
            }
            if (rule.estimate() instanceof Estimate.Unusable no) {
                unusable.add(rule.optimizer() + " (" + no.reason() + ")");
                continue;
            }
            TrainedVariable variable = read(operation, rule);
            TrainedVariable other = trained.put(variable.name(), variable);
            if (other != null) {
                throw new SquisherException("variable '" + variable.name() + "' is trained by two optimizers ('"
                        + other.apply().name() + "' and '" + operation.name()
                        + "'); attach to one of them by its training operation");
            }
        }
        if (trained.isEmpty()) {
            throw new SquisherException(nothingIn(where, unusable));
        }
        return List.copyOf(trained.values());
    }

    private static TrainedVariable read(GraphOperation apply, AccumulatorRule rule) {
        return new TrainedVariable(variable(apply, 0), variable(apply, rule.accumulator()), apply, rule);
    }

    private static GraphVariable variable(GraphOperation apply, int input) {
        GraphOperation source = Edges.source(apply.input(input));
        if (!GraphVariable.isVariable(source)) {
            throw new SquisherException(
                    "operation '" + apply.name() + "' (" + apply.type() + ") takes its input " + input
                            + " from '" + source.name() + "' (" + source.type()
                            + "), which is no variable; training inside functions or loops is not supported");
        }
        return GraphVariable.of(source);
    }

    private static String nothingIn(String where, Set<String> unusable) {
        if (!unusable.isEmpty()) {
            return where + " trains with " + String.join(" and ", unusable)
                    + ": no squared gradients to recycle; add an accumulator of our own to the graph";
        }
        String known = AccumulatorRules.all().stream()
                .filter(AccumulatorRule::isUsable)
                .map(AccumulatorRule::optimizer)
                .distinct()
                .collect(Collectors.joining(", "));
        return where + " trains no variable with an optimizer that keeps squared gradients (" + known
                + "); attach after the optimizer's minimize()";
    }
}
