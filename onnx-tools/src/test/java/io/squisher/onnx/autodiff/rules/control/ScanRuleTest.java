package io.squisher.onnx.autodiff.rules.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.autodiff.GradientCheck;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.SteppedModel;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScanRuleTest {
    private static final int FEW = 3;
    private static final int MANY = 11;

    private static TestModel model(SteppedModel form, int time) {
        return form.on(new Numbers(5).normal(2, time, SteppedModel.FEATURES), false);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LISTING_LOOP")
    void agreesWithCentralDifferences(SteppedModel form) {
        for (int time : new int[] {FEW, MANY}) {
            TestModel test = model(form, time);
            GradientCheck.check(test.build(), test.inputs(), time).assertPassed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyStepsStayOneNode(SteppedModel form) {
        assertEquals(0, scans(form, FEW));
        assertEquals(1, scans(form, MANY));
    }

    private static long scans(SteppedModel form, int time) {
        return RaisedGraph.of(model(form, time).build()).reaching(Set.of("y")).nodes().stream()
                .filter(Node::isRepeated)
                .count();
    }
}
