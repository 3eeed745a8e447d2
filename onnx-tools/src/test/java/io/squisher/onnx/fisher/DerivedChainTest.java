package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weights that reach the examples by many ways: {@code y = x · f(w)}, where each step of f uses a value twice. */
class DerivedChainTest {
    /** A walk over every way would never end. */
    private static final int STEPS = 30;

    private static final int EXAMPLES = 5;

    private final Numbers numbers = new Numbers(17);
    private final Value x = RaisedGraph.float32(numbers.normal(EXAMPLES, 3));
    private final Value w = RaisedGraph.float32(numbers.normal(3, 4));
    private final Value labels = RaisedGraph.float32(numbers.normal(EXAMPLES, 4));

    private TestModel start() {
        return TestModel.opset(20).input("x", x, -1, 3).initializer("w", w);
    }

    private Map<String, double[]> fisher(TestModel test, String derived) {
        FisherRequest request = request(test.node("MatMul", "x," + derived, "y"), "y");
        try (FisherPlan plan = FisherPlan.of(request)) {
            assertTrue(
                    plan.parts().stream().noneMatch(FisherPart::gradients),
                    plan.paths().toString());
            int nodes = plan.parts().get(0).graph().model().getGraph().getNodeCount();
            assertTrue(nodes < 20 * STEPS, nodes + " nodes for " + STEPS + " steps");
        }
        return Estimation.of(request);
    }

    /** Halves and adds, so that every value is w again: the Fisher is that of {@code y = x · w}. */
    private TestModel halved() {
        TestModel test = start().initializer("half", Value.scalar(0.5));
        String at = "w";
        for (int i = 0; i < STEPS; i++) {
            test.node("Mul", at + ",half", "half" + i);
            test.node("Add", "half" + i + ",half" + i, "d" + i);
            at = "d" + i;
        }
        return test;
    }

    private Map<String, double[]> plain() {
        return fisher(start(), "w");
    }

    @Test
    void isFollowedOnceHoweverManyWaysThereAre() {
        RelativeError.check("halved", plain(), only("w", fisher(halved(), "d" + (STEPS - 1))), 1e-5);
    }

    @Test
    void isFollowedThroughPartsThatAreJoinedAgain() {
        TestModel test = start();
        String at = "w";
        Attributes second = Attributes.NONE.with("axis", 1L);
        for (int i = 0; i < STEPS; i++) {
            String left = "left" + i;
            String right = "right" + i;
            test.node("Split", at, left + "," + right, second.with("num_outputs", 2L));
            test.node("Concat", left + "," + right, "d" + i, second);
            at = "d" + i;
        }
        RelativeError.check("joined", plain(), fisher(test, at), 1e-5);
    }

    /** Every second value of the chain meets the examples, and both of two weights lead to all. */
    @Test
    void addsWhatComesFromEveryUseToEveryWeight() {
        TestModel test = start().initializer("v", Value.floats(new int[] {3, 4}, new double[12]));
        String at = "w";
        String sum = "";
        int products = 0;
        for (int i = 0; i < STEPS; i++) {
            test.node(i == 0 ? "Add" : "Sub", i == 0 ? "w,v" : at + ",v", "d" + i);
            at = "d" + i;
            if (i % 10 == 1) {
                test.node("MatMul", "x," + at, "p" + i);
                String next = "sum" + i;
                test.node(products++ == 0 ? "Identity" : "Add", sum.isEmpty() ? "p" + i : sum + ",p" + i, next);
                sum = next;
            }
        }
        // Of w: 3 uses with factor 1. Of v: factors 0, -10 and -20 after 1, 11 and 21 steps back.
        double[] one = gradientSquares();
        Map<String, double[]> expected = new LinkedHashMap<>();
        expected.put("w", scaled(one, 3 * 3));
        expected.put("v", scaled(one, 30 * 30));
        FisherRequest request = request(test, sum);
        RelativeError.check("uses", expected, Estimation.of(request), 1e-5);
    }

    private FisherRequest request(TestModel test, String output) {
        OnnxFile file = new OnnxFile(Path.of("model.onnx"), test.outputs(output).build());
        Map<String, Tensor> arrays = Map.of("x", x.tensor(), "labels", labels.tensor());
        return FisherRequest.of(
                file, Examples.of("examples", arrays), new Likelihood.Gaussian(1), new FisherKind.Empirical());
    }

    /** {@code 1/N Σ (x_i r_j)²} where the output is {@code 3 x · w}, since v is 0. */
    private double[] gradientSquares() {
        double[] squares = new double[12];
        for (int n = 0; n < EXAMPLES; n++) {
            for (int j = 0; j < 4; j++) {
                double output = 0;
                for (int i = 0; i < 3; i++) {
                    output += 3 * x.doubleAt(3 * n + i) * w.doubleAt(4 * i + j);
                }
                double residual = labels.doubleAt(4 * n + j) - output;
                for (int i = 0; i < 3; i++) {
                    squares[4 * i + j] += Math.pow(x.doubleAt(3 * n + i) * residual, 2) / EXAMPLES;
                }
            }
        }
        return squares;
    }

    private static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(value -> factor * value).toArray();
    }

    private static Map<String, double[]> only(String name, Map<String, double[]> fisher) {
        return Map.of(name, fisher.get(name));
    }
}
