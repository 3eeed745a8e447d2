package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Weights that pass operators without a rule for batches, with and without other parameters beside them: {@code logits =
 * x · f(w) (+ b)}.
 */
class SingleExampleParametersTest {
    private static final int EXAMPLES = 4;

    private final Numbers numbers = new Numbers(3);
    private final Value x = RaisedGraph.float32(numbers.normal(EXAMPLES, 3));
    private final Value w = RaisedGraph.float32(numbers.normal(3, 2));
    private final double[] targets = {0.5, -1, 2, 0, 1, 1, -0.5, 3};

    private TestModel start(String operator) {
        TestModel test = TestModel.opset(20).input("x", x, -1, 3).initializer("w", w);
        return operator.equals("CumSum")
                ? test.initializer("axis", Value.ints(new int[0], 0)).node("CumSum", "w,axis", "f")
                : test.node(operator, "w", "f");
    }

    private OnnxFile alone(String operator) {
        TestModel test = start(operator).node("MatMul", "x,f", "y").outputs("y");
        return new OnnxFile(Path.of("model.onnx"), test.build());
    }

    private OnnxFile withBias(String operator) {
        TestModel test = start(operator)
                .initializer("b", Value.floats(new int[] {2}, 0, 0))
                .node("MatMul", "x,f", "product")
                .node("Add", "product,b", "y")
                .outputs("y");
        return new OnnxFile(Path.of("model.onnx"), test.build());
    }

    private FisherRequest request(OnnxFile model) {
        Map<String, Tensor> arrays = Map.of(
                "x",
                x.tensor(),
                "labels",
                Value.floats(new int[] {EXAMPLES, 2}, targets).tensor());
        return FisherRequest.of(
                model, Examples.of("examples", arrays), new Likelihood.Gaussian(1), new FisherKind.Empirical());
    }

    /** {@code 1/N Σ (∂/∂w)²} of {@code -½|y - t|²}, with the cumulative sum along the rows: its transpose runs upwards. */
    private double[] byHand() {
        double[] sums = new double[6];
        for (int n = 0; n < EXAMPLES; n++) {
            for (int column = 0; column < 2; column++) {
                double output = 0;
                double running = 0;
                for (int row = 0; row < 3; row++) {
                    running += w.doubleAt(row * 2 + column);
                    output += x.doubleAt(n * 3 + row) * running;
                }
                double residual = targets[n * 2 + column] - output;
                double gradient = 0;
                for (int row = 2; row >= 0; row--) {
                    gradient += x.doubleAt(n * 3 + row) * residual;
                    sums[row * 2 + column] += gradient * gradient / EXAMPLES;
                }
            }
        }
        return sums;
    }

    @Test
    void areComputedWithoutAnyOtherParameter() {
        RelativeError.check("alone", Map.of("w", byHand()), Estimation.of(request(alone("CumSum"))), 1e-5);
    }

    @Test
    void areComputedWhenTheyAloneAreChosen() {
        for (String operator : List.of("CumSum", "Softmax", "LogSoftmax", "LpNormalization")) {
            FisherRequest all = request(withBias(operator));
            Map<String, double[]> expected = Map.of("w", Estimation.of(all).get("w"));
            Map<String, double[]> chosen = Estimation.of(all.withParameters(Pattern.compile("^w$")));
            RelativeError.check(operator, expected, chosen, 1e-6);
        }
    }

    @Test
    void runWithoutAGraphOfBatches() {
        try (FisherPlan plan = FisherPlan.of(request(alone("CumSum")))) {
            assertEquals(1, plan.parts().size());
            assertEquals(1, plan.parts().get(0).batchSize());
            assertEquals(
                    "one example at a time: reached through CumSum 'CumSum_0'",
                    plan.paths().get("w"));
        }
    }
}
