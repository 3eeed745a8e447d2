package io.squisher.tf.slots;

import io.squisher.SquisherException;
import io.squisher.tf.graph.Edges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
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
        graph.operations().forEachRemaining(operations::add);
        return among(operations, "the graph");
    }

    /**
     * The variables that one training operation of the graph updates, where several optimizers share a graph.
     *
     * @param trainingOperation what the loop runs for a step, as an optimizer's {@code minimize} returns it
     */
    public static List<TrainedVariable> updatedBy(Operation trainingOperation) {
        return among(neededBy(trainingOperation), "operation '" + trainingOperation.name() + "'");
    }

    /**
     * All updates of variables by one training operation, by optimizers with and without squared gradients.
     *
     * @throws SquisherException if there are none
     */
    public static List<VariableUpdate> updatesOf(Operation trainingOperation) {
        List<VariableUpdate> updates = new ArrayList<>();
        for (GraphOperation operation : neededBy(trainingOperation)) {
            AccumulatorRules.of(operation.type())
                    .map(rule -> ApplyOperations.update(operation, rule))
                    .or(() -> WrittenOutAverages.read(operation)
                            .map(found -> new VariableUpdate(found.variable(), found.update(), found.gradient())))
                    .ifPresent(updates::add);
        }
        if (updates.isEmpty()) {
            throw new SquisherException(
                    "operation '" + trainingOperation.name() + "' updates no variable by an optimizer that is known");
        }
        return updates;
    }

    /** All operations that run when {@code target} runs, in the graph's order. */
    private static List<GraphOperation> neededBy(Operation target) {
        Set<GraphOperation> reached = new HashSet<>();
        Deque<GraphOperation> open = new ArrayDeque<>(List.of((GraphOperation) target));
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
        ((GraphOperation) target).env().operations().forEachRemaining(operation -> {
            if (reached.contains(operation)) {
                ordered.add(operation);
            }
        });
        return ordered;
    }

    private static List<TrainedVariable> among(List<GraphOperation> operations, String where) {
        Map<String, TrainedVariable> trained = new LinkedHashMap<>();
        Set<String> unusable = new TreeSet<>();
        for (GraphOperation operation : operations) {
            AccumulatorRule rule = AccumulatorRules.of(operation.type()).orElse(null);
            if (rule == null) {
                WrittenOutAverages.read(operation).ifPresent(variable -> add(trained, variable));
            } else if (rule.estimate() instanceof Estimate.Unusable no) {
                unusable.add(rule.optimizer() + " (" + no.reason() + ")");
            } else {
                add(trained, ApplyOperations.read(operation, rule));
            }
        }
        if (trained.isEmpty()) {
            throw new SquisherException(nothingIn(where, unusable, callsIn(operations)));
        }
        return List.copyOf(trained.values());
    }

    private static void add(Map<String, TrainedVariable> trained, TrainedVariable variable) {
        TrainedVariable other = trained.put(variable.name(), variable);
        if (other != null) {
            throw new SquisherException("variable '" + variable.name() + "' is trained by two optimizers ('"
                    + other.update().name() + "' and '" + variable.update().name()
                    + "'); attach to one of them by its training operation");
        }
    }

    /** Calls of functions: graphs of TensorFlow 2 for Python keep whole training steps in them. */
    private static List<String> callsIn(List<GraphOperation> operations) {
        return operations.stream()
                .filter(operation -> operation.type().endsWith("PartitionedCall"))
                .map(GraphOperation::name)
                .toList();
    }

    private static String nothingIn(String where, Set<String> unusable, List<String> calls) {
        if (!unusable.isEmpty()) {
            return where + " trains with " + String.join(" and ", unusable)
                    + ": no squared gradients to recycle; add some with OwnAccumulator.add(train)";
        }
        String known = AccumulatorRules.all().stream()
                .filter(AccumulatorRule::isUsable)
                .map(AccumulatorRule::optimizer)
                .distinct()
                .collect(Collectors.joining(", "));
        String nothing = where + " trains no variable with an optimizer that keeps squared gradients (" + known + ")";
        return calls.isEmpty()
                ? nothing + "; attach after the optimizer's minimize()"
                : nothing + " outside the functions that it calls ('" + calls.get(0)
                        + "'), where none is looked for: save its variables by the model's own saver, and take them from"
                        + " that checkpoint with 'squisher convert'";
    }
}
