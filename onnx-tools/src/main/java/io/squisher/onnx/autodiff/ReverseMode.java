package io.squisher.onnx.autodiff;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.PiecewiseSum;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reverse-mode differentiation: walks the graph backwards once, applies rules, adds up where a value is used twice. */
public final class ReverseMode {
    private final GraphValues values;
    private final GradientRules rules;
    private final Ops ops;

    /** Gradients by value, each a list of summands until it is asked for. */
    private final Map<String, List<Value>> summands = new HashMap<>();

    public ReverseMode(GraphValues values, GradientRules rules, Ops ops) {
        this.values = values;
        this.rules = rules;
        this.ops = ops;
    }

    /**
     * The values that lie on a differentiable path from {@code sources}, the sources included.
     *
     * @param nodes the part of the graph to look at, in topological order
     */
    public Set<String> reachedFrom(Set<String> sources, List<Node> nodes) {
        Set<String> reached = new HashSet<>(sources);
        for (Node node : nodes) {
            if (rules.isDifferentiable(node) && node.elementsRead().stream().anyMatch(reached::contains)) {
                node.outputs().stream().filter(values::isFloating).forEach(reached::add);
            }
        }
        return reached;
    }

    /**
     * The values from which a differentiable path leads to {@code target}, the target included.
     *
     * @param nodes in topological order
     */
    public Set<String> reaching(String target, List<Node> nodes) {
        Set<String> reaching = new HashSet<>(Set.of(target));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            boolean leads =
                    node.outputs().stream().anyMatch(name -> values.isFloating(name) && reaching.contains(name));
            if (leads && rules.isDifferentiable(node)) {
                reaching.addAll(node.elementsRead());
            }
        }
        return reaching;
    }

    /** Starts with the gradient of one value. */
    public void seed(String value, Value gradient) {
        add(value, gradient);
    }

    /**
     * Walks back over {@code nodes}.
     *
     * @param active the values whose gradient is wanted or lies on the way to one that is
     */
    public void run(List<Node> nodes, Set<String> active) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (rules.isDifferentiable(node) && node.reads().stream().anyMatch(active::contains)) {
                List<Value> outputGradients = outputGradients(node);
                if (outputGradients.stream().anyMatch(java.util.Objects::nonNull)) {
                    differentiate(node, outputGradients, active);
                }
            }
        }
    }

    /** The gradients at the outputs of a node, null where none arrived. */
    public List<Value> outputGradients(Node node) {
        List<Value> gradients = new ArrayList<>();
        node.outputs().forEach(output -> gradients.add(gradient(output).orElse(null)));
        return gradients;
    }

    private void differentiate(Node node, List<Value> outputGradients, Set<String> active) {
        ops.emitter().scope("gradient/" + node.name());
        RuleContext context =
                new RuleContext(node, values, outputGradients, position -> active.contains(node.input(position)), ops);
        Gradients gradients = rules.rule(node).apply(context);
        List<String> reads = node.reads();
        for (int position = 0; position < reads.size(); position++) {
            String input = reads.get(position);
            if (active.contains(input)) {
                gradients.at(position).ifPresent(gradient -> add(input, gradient));
            }
        }
    }

    private void add(String value, Value gradient) {
        Value summed = ops.sumTo(gradient, values.shape(value));
        summands.computeIfAbsent(value, missing -> new ArrayList<>()).add(summed);
    }

    /** The gradient of a value; empty where none reached it. */
    public Optional<Value> gradient(String value) {
        List<Value> parts = summands.get(value);
        if (parts == null) {
            return Optional.empty();
        }
        if (parts.size() > 1) {
            Value sum = PiecewiseSum.of(ops, parts);
            parts.clear();
            parts.add(sum);
        }
        return Optional.of(parts.get(0));
    }

    /** The gradients that have arrived, in the order of {@code names}. */
    public Map<String, Value> gradients(Set<String> names) {
        Map<String, Value> found = new LinkedHashMap<>();
        names.forEach(name -> gradient(name).ifPresent(gradient -> found.put(name, gradient)));
        return found;
    }
}
