package io.squisher.onnx.autodiff;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Opset;
import java.util.Map;
import java.util.Set;

/** The table of rules: what each operator's derivative is, or that it has none. */
public final class GradientRules {
    private final Map<String, GradientRule> rules;
    private final Set<String> notDifferentiable;

    /**
     * @param rules by operator
     * @param notDifferentiable operators that pass no gradient: integers, booleans, shapes
     */
    public GradientRules(Map<String, GradientRule> rules, Set<String> notDifferentiable) {
        this.rules = Map.copyOf(rules);
        this.notDifferentiable = Set.copyOf(notDifferentiable);
    }

    /** Whether a gradient can pass the node. */
    public boolean isDifferentiable(Node node) {
        return !(node.domain().isEmpty() && notDifferentiable.contains(node.op()));
    }

    /**
     * The rule of a differentiable node.
     *
     * @throws SquisherException if the operator is not in the table
     */
    public GradientRule rule(Node node) {
        GradientRule rule = node.domain().isEmpty() ? rules.get(node.op()) : null;
        if (rule == null) {
            throw new SquisherException(node + " (opset " + Opset.VERSION
                    + ") has no gradient rule; 'docs/operators.md' lists the operators that have one, exporting without"
                    + " fused or custom operators usually avoids the others");
        }
        return rule;
    }

    /** The operators that have a rule. */
    public Set<String> differentiable() {
        return rules.keySet();
    }

    /** The operators that pass no gradient. */
    public Set<String> notDifferentiable() {
        return notDifferentiable;
    }
}
