package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.fisher.graph.DependencyAnalysis.Use;
import io.squisher.onnx.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The part of a graph that is computed from parameters alone: which values come from which, and where they meet the
 * examples. A walk over it visits each value once, however many ways lead there: their number doubles wherever a value is
 * used twice.
 */
final class DerivedValues {
    /** Ways are counted up to here: what matters is whether there is one. */
    private static final int SEVERAL = 2;

    private final Map<String, List<Step>> from = new HashMap<>();
    private final Map<String, List<Step>> into = new HashMap<>();
    private final Map<String, List<Use>> uses;

    /** The place of the node that computes a value; parameters have none. */
    private final Map<String, Integer> order = new HashMap<>();

    /** From a derived value to one that a node computes from it. */
    record Step(Node node, int position, int output) {
        String source() {
            return node.input(position);
        }

        String result() {
            return node.output(output);
        }
    }

    /**
     * @param nodes in topological order
     */
    DerivedValues(List<Node> nodes, DependencyAnalysis dependencies) {
        this.uses = dependencies.usesByValue();
        for (int place = 0; place < nodes.size(); place++) {
            Node node = nodes.get(place);
            for (int output = 0; output < node.outputs().size(); output++) {
                if (dependencies.derived().contains(node.output(output))) {
                    order.put(node.output(output), place);
                    add(node, output, dependencies.derived());
                }
            }
        }
    }

    private void add(Node node, int output, Set<String> derived) {
        List<String> reads = node.reads();
        for (int position = 0; position < reads.size(); position++) {
            if (derived.contains(reads.get(position))) {
                Step step = new Step(node, position, output);
                from.computeIfAbsent(step.source(), missing -> new ArrayList<>())
                        .add(step);
                into.computeIfAbsent(step.result(), missing -> new ArrayList<>())
                        .add(step);
            }
        }
    }

    /** The places where a value meets the examples. */
    List<Use> usesOf(String value) {
        return uses.getOrDefault(value, List.of());
    }

    /** The steps to the values that are computed from a value. */
    List<Step> stepsFrom(String value) {
        return from.getOrDefault(value, List.of());
    }

    /** Finds everything that is derived from a parameter. */
    Ways from(String parameter) {
        Set<String> reached = new HashSet<>(Set.of(parameter));
        Deque<String> left = new ArrayDeque<>(reached);
        while (!left.isEmpty()) {
            for (Step step : stepsFrom(left.remove())) {
                if (reached.add(step.result())) {
                    left.add(step.result());
                }
            }
        }
        List<String> ordered = new ArrayList<>(reached);
        ordered.sort(Comparator.comparingInt(value -> order.getOrDefault(value, -1)));
        Map<String, Integer> counts = new HashMap<>(Map.of(parameter, 1));
        for (String value : ordered) {
            for (Step step : stepsFrom(value)) {
                counts.merge(step.result(), counts.get(value), (a, b) -> Math.min(SEVERAL, a + b));
            }
        }
        return new Ways(ordered, counts);
    }

    /** The values that are derived from a parameter, in the order of computation, the parameter first. */
    final class Ways {
        private final List<String> values;
        private final Map<String, Integer> counts;

        private Ways(List<String> values, Map<String, Integer> counts) {
            this.values = values;
            this.counts = counts;
        }

        /** Every place where one of the values meets the examples. */
        List<Use> uses() {
            return values.stream().flatMap(value -> usesOf(value).stream()).toList();
        }

        /** How many ways lead to a value: 1, or more. */
        int to(String value) {
            return counts.get(value);
        }

        /** The steps of the only way to a value. */
        List<Step> only(String value) {
            List<Step> steps = new ArrayList<>();
            String at = value;
            while (!at.equals(values.get(0))) {
                Step step = into.get(at).stream()
                        .filter(candidate -> counts.containsKey(candidate.source()))
                        .findFirst()
                        .orElseThrow();
                steps.add(0, step);
                at = step.source();
            }
            return steps;
        }

        /** The values against the order of computation. */
        List<String> lastFirst() {
            List<String> reversed = new ArrayList<>(values);
            Collections.reverse(reversed);
            return reversed;
        }
    }
}
