package io.squisher.onnx.autodiff;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Opset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The table of rules: what each operator's derivative is, that it passes no gradient, or why it is refused. */
public final class GradientRules {
    private final Map<String, GradientRule> rules;
    private final Set<String> notDifferentiable;
    private final Map<String, String> refused;

    /**
     * @param rules by operator
     * @param notDifferentiable operators that pass no gradient: integers, booleans, shapes
     * @param refused operators that are known and not supported: the reason by operator
     * @throws IllegalArgumentException if an operator is in two states
     */
    public GradientRules(Map<String, GradientRule> rules, Set<String> notDifferentiable, Map<String, String> refused) {
        this.rules = Map.copyOf(rules);
        this.notDifferentiable = Set.copyOf(notDifferentiable);
        this.refused = Map.copyOf(refused);
        Set<String> all = new HashSet<>(rules.keySet());
        all.addAll(notDifferentiable);
        all.addAll(refused.keySet());
        if (all.size() < rules.size() + notDifferentiable.size() + refused.size()) {
            throw new IllegalArgumentException("an operator is in two of the states rule, not differentiable, refused");
        }
    }

    /** The same table with another rule for one operator. */
    public GradientRules with(String operator, GradientRule rule) {
        Map<String, GradientRule> changed = new HashMap<>(rules);
        changed.put(operator, rule);
        return new GradientRules(changed, notDifferentiable, refused);
    }

    /** Whether a gradient can pass the node. */
    public boolean isDifferentiable(Node node) {
        return !(node.domain().isEmpty() && notDifferentiable.contains(node.op()));
    }

    /**
     * The rule of a differentiable node.
     *
     * @throws SquisherException if the operator is refused or not in the table
     */
    public GradientRule rule(Node node) {
        GradientRule rule = node.domain().isEmpty() ? rules.get(node.op()) : null;
        if (rule == null && node.domain().isEmpty() && refused.containsKey(node.op())) {
            throw new SquisherException(
                    node + " (opset " + Opset.VERSION + ") has no gradient: it " + refused.get(node.op()));
        }
        if (rule == null) {
            throw new SquisherException(node + " (opset " + Opset.VERSION
                    + ") has no gradient rule; 'docs/operators.md' lists the operators that have one, exporting without"
                    + " fused or custom operators usually avoids the others");
        }
        return context -> guarded(context, () -> rule.apply(context));
    }

    /**
     * Applies a rule. ONNX Runtime runs some nodes that the standard does not allow, with fewer axes than an operator has,
     * say; no rule is written for those.
     *
     * @throws SquisherException if the node's inputs are not as the standard says
     */
    public static <R> R guarded(RuleContext context, Supplier<R> rule) {
        try {
            return rule.get();
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            List<String> shapes = context.node().inputs().stream()
                    .filter(input -> !input.isEmpty())
                    .map(input -> context.values()
                            .find(input)
                            .map(x -> x.shape().toString())
                            .orElse("?"))
                    .toList();
            throw new SquisherException(
                    context.node() + " has inputs of the shapes " + shapes
                            + ", for which it has no derivative here; the standard asks for others, or its attributes do not"
                            + " fit them",
                    e);
        }
    }

    /** The operators that have a rule. */
    public Set<String> differentiable() {
        return rules.keySet();
    }

    /** The operators that are refused, with the reason. */
    public Map<String, String> refused() {
        return refused;
    }

    /** The operators that pass no gradient. */
    public Set<String> notDifferentiable() {
        return notDifferentiable;
    }
}
