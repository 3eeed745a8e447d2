package io.squisher.tf.slots;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a graph, or a part of it, trains.
 *
 * @param variables the parameters that have an accumulator of squared gradients, in the graph's order
 * @param without the names of parameters that are trained and have none, by the optimizer that trains them
 */
public record Training(List<TrainedVariable> variables, Map<String, Set<String>> without) {
    public Training {
        variables = List.copyOf(variables);
        without = Map.copyOf(without);
    }

    /** A training of which all parameters have an accumulator. */
    public static Training of(List<TrainedVariable> variables) {
        return new Training(variables, Map.of());
    }

    /**
     * Several trainings as one.
     *
     * @throws SquisherException if two of them update one variable by different operations
     */
    public static Training joined(List<Training> trainings) {
        Map<String, TrainedVariable> all = new LinkedHashMap<>();
        Map<String, Set<String>> without = new TreeMap<>();
        for (Training training : trainings) {
            for (TrainedVariable variable : training.variables()) {
                TrainedVariable other = all.putIfAbsent(variable.name(), variable);
                if (other != null
                        && !other.accumulator()
                                .variable()
                                .operation()
                                .equals(variable.accumulator().variable().operation())) {
                    throw twice(variable.name(), words(other), words(variable));
                }
            }
            training.without()
                    .forEach((optimizer, names) -> without.computeIfAbsent(optimizer, same -> new LinkedHashSet<>())
                            .addAll(names));
        }
        return new Training(new ArrayList<>(all.values()), without);
    }

    /** How messages call the update of a variable. */
    static String words(TrainedVariable variable) {
        return variable.accumulator().optimizer() + " ('" + variable.update().name() + "')";
    }

    /** The refusal of a variable that two optimizers train. */
    static SquisherException twice(String variable, String first, String second) {
        return new SquisherException(
                "variable '" + variable + "' is trained by two optimizers, " + first + " and " + second
                        + ": each accumulator holds its own steps alone; attach to one of them by its training operation");
    }
}
