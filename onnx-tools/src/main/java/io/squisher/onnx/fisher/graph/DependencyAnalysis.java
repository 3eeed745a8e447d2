package io.squisher.onnx.fisher.graph;

import io.squisher.SquisherException;
import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Divides a graph: what is computed from parameters alone, what differs from example to example, and the places where a
 * node brings the two together.
 *
 * @param derived floating-point values that depend on parameters and on no example; the parameters themselves included
 * @param perExample floating-point values on a differentiable path from a parameter that differ between examples
 * @param uses where a derived value meets the examples
 */
record DependencyAnalysis(Set<String> derived, Set<String> perExample, List<Use> uses) {
    /** Input {@code position} of {@code node} is a derived value, its output differs between examples. */
    record Use(Node node, int position) {
        String value() {
            return node.input(position);
        }
    }

    /** Analyses the part of the graph that {@code output} depends on. */
    static DependencyAnalysis of(GraphValues values, GradientRules rules, Set<String> parameters, String output) {
        Graph graph = values.graph().reaching(Set.of(output));
        Set<String> fromExamples = fromExamples(values, graph);
        Set<String> derived = new HashSet<>(parameters);
        Set<String> perExample = new HashSet<>();
        List<Use> uses = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!rules.isDifferentiable(node)) {
                continue;
            }
            boolean batched =
                    node.outputs().stream().anyMatch(name -> fromExamples.contains(name) || hasExamples(values, name));
            List<String> inputs = node.elementsRead();
            for (int i = 0; i < inputs.size(); i++) {
                if (batched && derived.contains(inputs.get(i))) {
                    uses.add(new Use(node, i));
                }
            }
            boolean reached = inputs.stream().anyMatch(name -> derived.contains(name) || perExample.contains(name));
            if (reached) {
                rules.rule(node);
                Set<String> outputs = batched ? perExample : derived;
                node.outputs().stream().filter(values::isFloating).forEach(outputs::add);
                // What is done at each step is checked where the first step stands.
                checkSeparate(values, node, batched && !node.isRepeated());
            }
        }
        return new DependencyAnalysis(Set.copyOf(derived), Set.copyOf(perExample), List.copyOf(uses));
    }

    private static boolean hasExamples(GraphValues values, String name) {
        return values.find(name).map(value -> value.shape().hasExamples()).orElse(false);
    }

    private static void checkSeparate(GraphValues values, Node node, boolean batched) {
        for (String name : node.outputs()) {
            if (batched && values.isFloating(name) && !hasExamples(values, name)) {
                throw new SquisherException(node + " mixes the examples of a batch: its output '" + name + "' "
                        + values.shape(name)
                        + " has no axis for them, so there is no gradient of one example; export in eval mode and"
                        + " without reductions over the batch");
            }
        }
    }

    /** Values that depend on what the examples hold; the shape of a batch is not what it holds. */
    private static Set<String> fromExamples(GraphValues values, Graph graph) {
        Set<String> dependent = new HashSet<>();
        graph.inputs().forEach(input -> dependent.add(input.getName()));
        for (Node node : graph.nodes()) {
            if (node.elementsRead().stream().anyMatch(dependent::contains)) {
                dependent.addAll(node.outputs());
            }
        }
        dependent.remove("");
        return dependent;
    }

    /** The uses that a parameter reaches through derived values. */
    Map<String, List<Use>> usesByValue() {
        Map<String, List<Use>> byValue = new java.util.LinkedHashMap<>();
        uses.forEach(use -> byValue.computeIfAbsent(use.value(), missing -> new ArrayList<>())
                .add(use));
        return byValue;
    }
}
