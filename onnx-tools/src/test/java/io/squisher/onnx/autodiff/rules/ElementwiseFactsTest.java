package io.squisher.onnx.autodiff.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.autodiff.rules.elementwise.ActivationRules;
import io.squisher.onnx.autodiff.rules.elementwise.ElementwiseRules;
import io.squisher.onnx.autodiff.rules.elementwise.VariadicRules;
import io.squisher.onnx.operators.OperatorFacts;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules for elementwise operators and the table of operators mean the same ones. */
class ElementwiseFactsTest {
    /** Elementwise, and flat almost everywhere. */
    private static final Set<String> FLAT = Set.of("Ceil", "Floor", "Round", "Sign");

    /** Become other nodes when a file is read. */
    private static final Set<String> REWRITTEN = Set.of("Dropout", "Swish");

    @Test
    void nameTheSameOperators() {
        Set<String> withRule = new TreeSet<>(ElementwiseRules.ALL.keySet());
        withRule.addAll(ActivationRules.ALL.keySet());
        withRule.addAll(VariadicRules.ALL.keySet());
        Set<String> elementwise = new TreeSet<>();
        OperatorFacts.all().forEach((operator, facts) -> {
            if (facts.isElementwise() && !facts.isNeverFloating() && !operator.contains(".")) {
                elementwise.add(operator);
            }
        });
        elementwise.removeAll(FLAT);
        elementwise.removeAll(REWRITTEN);
        assertEquals(elementwise, withRule);
    }
}
