package io.squisher.tf.slots;

import io.squisher.SquisherException;
import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operation;

/** Finds the variables that a graph trains, by the operations that apply an optimizer's updates. */
public final class TrainedVariables {
    /** Operations that apply an optimizer's update, known or not. */
    private static final Pattern APPLY = Pattern.compile("(Resource)?(Sparse)?Apply[A-Z].*");

    private TrainedVariables() {}

    /**
     * All variables that {@code graph} trains and that have an accumulator, in the order of the graph.
     *
     * @throws SquisherException if there are none, or if two optimizers train one variable
     */
    public static List<TrainedVariable> in(Graph graph) {
        return trainingOf(graph).variables();
    }

    /** As {@link #in}, with the variables that are trained and have no accumulator. */
    public static Training trainingOf(Graph graph) {
        List<GraphOperation> operations = new ArrayList<>();
        Given.graph(graph).operations().forEachRemaining(operations::add);
        return among(operations, "the graph");
    }

    /**
     * The variables that one training operation of the graph updates, where several optimizers share a graph.
     *
     * @param trainingOperation what the loop runs for a step, as an optimizer's {@code minimize} returns it
     */
    public static List<TrainedVariable> updatedBy(Operation trainingOperation) {
        return trainingOf(trainingOperation).variables();
    }

    /** As {@link #updatedBy}, with the variables that are trained and have no accumulator. */
    public static Training trainingOf(Operation trainingOperation) {
        GraphOperation operation = Given.operation(trainingOperation, "the training operation");
        return among(neededBy(operation), "operation '" + operation.name() + "'");
    }

    /**
     * All updates of variables by one training operation, by optimizers with and without squared gradients.
     *
     * @throws SquisherException if there are none
     */
    public static List<VariableUpdate> updatesOf(Operation trainingOperation) {
        List<VariableUpdate> updates = new ArrayList<>();
        for (GraphOperation operation : neededBy(Given.operation(trainingOperation, "the training operation"))) {
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
    private static List<GraphOperation> neededBy(GraphOperation target) {
        Set<GraphOperation> reached = new HashSet<>();
        Deque<GraphOperation> open = new ArrayDeque<>(List.of(target));
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
        target.env().operations().forEachRemaining(operation -> {
            if (reached.contains(operation)) {
                ordered.add(operation);
            }
        });
        return ordered;
    }

    private static Training among(List<GraphOperation> operations, String where) {
        Map<String, TrainedVariable> trained = new LinkedHashMap<>();
        Map<String, String> updates = new HashMap<>();
        Map<String, Set<String>> without = new TreeMap<>();
        for (GraphOperation operation : operations) {
            AccumulatorRule rule = AccumulatorRules.of(operation.type()).orElse(null);
            Optional<TrainedVariable> found = rule == null
                    ? WrittenOutAverages.read(operation)
                    : Optional.of(rule)
                            .filter(AccumulatorRule::isUsable)
                            .map(usable -> ApplyOperations.read(operation, usable));
            found.ifPresent(variable -> {
                add(updates, variable.name(), Training.words(variable));
                trained.put(variable.name(), variable);
            });
            if (found.isEmpty() && isUpdate(operation)) {
                String name = Edges.source(operation.input(0)).name();
                String optimizer = withoutAccumulator(operation, rule);
                add(updates, name, optimizer + " ('" + operation.name() + "')");
                without.computeIfAbsent(optimizer, same -> new LinkedHashSet<>())
                        .add(name);
            }
        }
        if (trained.isEmpty()) {
            throw new SquisherException(nothingIn(where, without.keySet(), operations));
        }
        return new Training(List.copyOf(trained.values()), without);
    }

    /** Whether an apply operation updates a variable that is no accumulator of our own. */
    private static boolean isUpdate(GraphOperation operation) {
        return APPLY.matcher(operation.type()).matches()
                && !Mark.OWN_ACCUMULATOR.isOn(Edges.source(operation.input(0)));
    }

    private static String withoutAccumulator(GraphOperation operation, AccumulatorRule rule) {
        return rule != null && rule.estimate() instanceof Estimate.Unusable no
                ? rule.optimizer() + " (" + no.reason() + ")"
                : operation.type() + " (which is not known)";
    }

    private static void add(Map<String, String> updates, String variable, String update) {
        String other = updates.put(variable, update);
        if (other != null) {
            throw Training.twice(variable, other, update);
        }
    }

    /** Calls of functions: graphs of TensorFlow 2 for Python keep whole training steps in them. */
    private static List<String> callsIn(List<GraphOperation> operations) {
        return operations.stream()
                .filter(operation -> operation.type().endsWith("PartitionedCall"))
                .map(GraphOperation::name)
                .toList();
    }

    private static String nothingIn(String where, Set<String> without, List<GraphOperation> operations) {
        if (!without.isEmpty()) {
            return where + " trains with " + String.join(" and ", without)
                    + ": no squared gradients to recycle; add some with OwnAccumulator.add(train)";
        }
        List<String> calls = callsIn(operations);
        if (!calls.isEmpty()) {
            return nothingKnown(where) + " outside the functions that it calls ('" + calls.get(0)
                    + "'), where none is looked for: save its variables by the model's own saver, and take them from"
                    + " that checkpoint with 'squisher convert'";
        }
        return nothingKnown(where)
                + (operations.stream().anyMatch(TrainedVariables::isHandWritten)
                        ? "; for updates that are written by hand, give their gradients to OwnAccumulator.of(gradients)"
                        : "; attach after the optimizer's minimize()");
    }

    private static boolean isHandWritten(GraphOperation operation) {
        return operation.type().equals("AssignSub") || operation.type().equals("AssignSubVariableOp");
    }

    private static String nothingKnown(String where) {
        String known = AccumulatorRules.all().stream()
                .filter(AccumulatorRule::isUsable)
                .map(AccumulatorRule::optimizer)
                .distinct()
                .collect(Collectors.joining(", "));
        return where + " trains no variable with an optimizer that keeps squared gradients (" + known + ")";
    }
}
