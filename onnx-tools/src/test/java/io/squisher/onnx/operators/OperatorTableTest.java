package io.squisher.onnx.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.OperatorState;
import io.squisher.onnx.autodiff.rules.StandardRules;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OperatorTableTest {
    private static final GradientRules RULES = StandardRules.all();

    @Test
    void describesEveryOperatorOfTheStandardAndNoOther() {
        TreeSet<String> described = new TreeSet<>(OperatorFacts.all().keySet());
        described.removeIf(operator -> operator.contains("."));
        assertEquals(new TreeSet<>(OperatorState.standardOperators()), described);
    }

    @Test
    void knowsNothingOfOthers() {
        assertTrue(OperatorFacts.of("com.example", "Relu").traits().isEmpty());
        assertTrue(OperatorFacts.of("", "NoSuchOperator").traits().isEmpty());
    }

    @Test
    void agreesWithTheRulesOnWhatCanHaveAGradient() {
        OperatorFacts.all().forEach((operator, facts) -> {
            if (facts.isNeverFloating()) {
                assertFalse(RULES.differentiable().contains(operator), operator);
            }
        });
        for (String operator : RULES.differentiable()) {
            assertFalse(OperatorFacts.of("", operator).has(Trait.SHAPE_ONLY), operator);
        }
    }

    @Test
    void holdsImpliedTraitsTogether() {
        OperatorFacts.all().forEach((operator, facts) -> {
            assertTrue(!facts.has(Trait.ELEMENTWISE) || facts.has(Trait.SAME_SHAPE), operator);
            assertTrue(!facts.has(Trait.SAME_SHAPE) || facts.has(Trait.SAME_RANK), operator);
            assertTrue(!facts.has(Trait.RESHAPE) || facts.has(Trait.MOVES) && facts.has(Trait.ONCE), operator);
            assertFalse(facts.has(Trait.ELEMENTWISE) && facts.has(Trait.BROADCAST), operator);
        });
    }
}
