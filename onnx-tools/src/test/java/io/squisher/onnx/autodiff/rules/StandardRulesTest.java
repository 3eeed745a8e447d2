package io.squisher.onnx.autodiff.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.OperatorState;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StandardRulesTest {
    private static Node node(String op) {
        return new Node("n", op, "", List.of("x"), List.of("y"), Attributes.NONE);
    }

    @Test
    void everyOperatorOfTheStandardHasAState() {
        List<String> missing = OperatorState.standardOperators().stream()
                .filter(operator -> OperatorState.of(operator).isEmpty())
                .toList();

        assertEquals(List.of(), missing);
    }

    @Test
    void nothingBesideTheStandardHasAState() {
        Set<String> standard = Set.copyOf(OperatorState.standardOperators());
        GradientRules rules = StandardRules.all();

        assertTrue(standard.containsAll(rules.differentiable()));
        assertTrue(standard.containsAll(rules.notDifferentiable()));
        assertTrue(standard.containsAll(rules.refused().keySet()));
    }

    @Test
    void aRefusalNamesTheNodeAndTheWayOut() {
        GradientRules rules = StandardRules.all();

        String message = assertThrows(SquisherException.class, () -> rules.rule(node("QLinearConv")))
                .getMessage();
        assertEquals(
                "QLinearConv 'n' (opset 21) has no gradient: it computes with quantized numbers, whose gradient is 0"
                        + " almost everywhere; use the model before quantization",
                message);
    }

    @Test
    void anUnknownOperatorIsAnError() {
        GradientRules rules = StandardRules.all();

        assertTrue(assertThrows(SquisherException.class, () -> rules.rule(node("Invented")))
                .getMessage()
                .startsWith("Invented 'n' (opset 21) has no gradient rule"));
    }

    @Test
    void anOperatorInTwoStatesIsAnError() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new GradientRules(Map.of("Relu", c -> null), Set.of("Relu"), Map.of()));
    }
}
