package io.squisher.onnx.operators;

import java.util.Map;
import java.util.Set;

/**
 * What is known of an operator beside its derivative. Every list of operators in this module is one of these traits.
 *
 * @param traits what is so of all of its nodes
 * @param typedBy the input whose type the first output has, where no trait and no attribute says it
 */
public record OperatorFacts(Set<Trait> traits, int typedBy) {
    /** Nothing: an operator that is not in the table may do anything. */
    private static final OperatorFacts UNKNOWN = new OperatorFacts(Set.of(), 0);

    /** The facts of an operator, none where it is not in the table. */
    public static OperatorFacts of(String domain, String operator) {
        return OperatorTable.ALL.getOrDefault(domain.isEmpty() ? operator : domain + "." + operator, UNKNOWN);
    }

    /** All facts by operator; with its domain before it where that is not the standard's own. */
    public static Map<String, OperatorFacts> all() {
        return OperatorTable.ALL;
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether each element of the output comes from one element of each input that it depends on. */
    public boolean isElementwise() {
        return has(Trait.ELEMENTWISE) || has(Trait.BROADCAST);
    }

    /** Whether no output is a floating-point number. */
    public boolean isNeverFloating() {
        return has(Trait.TRUTH) || has(Trait.INTEGER);
    }
}
