package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
    private static final long SEED = 5;

    private static ModelProto model(String op) {
        return new ModelBuilder()
                .nodes(List.of(new Node("node", op, "", List.of("x"), List.of("y"), Attributes.NONE)))
                .inputs(List.of(ModelBuilder.input("x", DataType.FLOAT_VALUE, 3)))
                .output("y")
                .build();
    }

    private static Map<String, Value> at(double... x) {
        return Map.of("x", Value.floats(new int[] {x.length}, x));
    }

    @Test
    void acceptsARightRule() {
        GradientCheck.Report report = GradientCheck.check(model("Exp"), at(-1, 0.5, 2), SEED);

        report.assertPassed();
        assertEquals(3, report.compared());
        assertEquals(0, report.kinks());
    }

    @Test
    void showsBothNumbersAndTheSeedOfAWrongRule() {
        GradientRules wrong = new GradientRules(Map.of("Exp", c -> Gradients.of(c.dy())), Set.of(), Map.of());
        GradientCheck.Report report = GradientCheck.check(model("Exp"), at(-1, 0.5, 2), wrong, SEED);

        assertEquals(3, report.differences().size());
        String first = report.differences().get(0);
        assertTrue(first.matches("x\\[0]: analytic \\S+, numeric \\S+ \\(seed 5\\)"), first);
    }

    @Test
    void takesAMissingGradientForZero() {
        GradientRules none = new GradientRules(Map.of(), Set.of("Exp"), Map.of());

        assertEquals(
                3,
                GradientCheck.check(model("Exp"), at(-1, 0.5, 2), none, SEED)
                        .differences()
                        .size());
    }

    @Test
    void comparesOneSidedAtAKink() {
        GradientCheck.Report report = GradientCheck.check(model("Relu"), at(-1, 0, 2), StandardRules.all(), SEED);

        report.assertPassed();
        assertEquals(1, report.kinks());
    }
}
