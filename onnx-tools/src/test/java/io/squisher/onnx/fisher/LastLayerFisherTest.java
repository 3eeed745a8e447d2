package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exact Fisher of the last layer alone: one pass in place of one for each class, and the same numbers. */
class LastLayerFisherTest {
    private static final FisherKind EXACT = new FisherKind.Exact();

    private static Map<String, double[]> only(String wanted, Map<String, double[]> all) {
        return all.entrySet().stream()
                .filter(entry -> Pattern.compile(wanted).matcher(entry.getKey()).find())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static long passes(Fixture fixture, FisherKind kind, String wanted) {
        try (NpzFile data = fixture.data();
                FisherPlan plan = FisherPlan.of(
                        FisherRequest.of(fixture.model(), Fixture.examples(data), fixture.likelihood(), kind)
                                .withParameters(Pattern.compile(wanted)))) {
            return plan.passes();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mlp_relu,^4",
        "mlp_relu,^4.bias",
        "lenet_cnn,^9",
        "bn_cnn,^8",
        "multilabel_bernoulli,^2",
        "regression_gaussian,^4",
        "tiny_bert,^head"
    })
    void onePassGivesTheReference(String name, String wanted) {
        Fixture fixture = Fixture.load(name);
        assertEquals(1, passes(fixture, EXACT, wanted));
        for (int batch : new int[] {1, 7, fixture.count()}) {
            Map<String, double[]> actual =
                    Estimation.of(fixture, EXACT, request -> request.withParameters(Pattern.compile(wanted))
                            .withBatchSize(batch));
            RelativeError.check(
                    name + " batch " + batch, only(wanted, fixture.reference(EXACT)), actual, fixture.tolerance());
        }
    }

    @Test
    void otherParametersTakeAPassForEachClass() {
        Fixture fixture = Fixture.load("mlp_relu");
        assertEquals(5, passes(fixture, EXACT, "."));
        assertEquals(5, passes(fixture, EXACT, "^[24]"));
        assertEquals(1, passes(fixture, new FisherKind.Empirical(), "^4"));
        assertEquals(2, passes(fixture, new FisherKind.Exact(2), "^4"));
    }

    /** A table that is the last layer too acts on all logits. */
    @Test
    void soDoTiedOnes() {
        assertTrue(passes(Fixture.load("tiny_gpt"), EXACT, "wte") > 1);
    }

    /** The most probable class has a probability that float32 rounds to 1. */
    @Test
    void sureExamplesDoNotVanish() {
        Numbers numbers = new Numbers(3);
        Value x = RaisedGraph.float32(numbers.normal(6, 3));
        Value w = RaisedGraph.float32(numbers.normal(3, 4));
        Value sharpened = Value.floats(
                new int[] {3, 4},
                Arrays.stream(w.tensor().toDoubles())
                        .map(value -> (float) (16 * value))
                        .toArray());
        OnnxFile model = new OnnxFile(
                Path.of("model.onnx"),
                TestModel.opset(20)
                        .input("x", x, -1, 3)
                        .initializer("w", sharpened)
                        .initializer("b", Value.floats(new int[] {1, 4}, 1, 2, 3, 4))
                        .node("MatMul", "x,w", "product")
                        .node("Add", "b,product", "y")
                        .outputs("y")
                        .build());
        FisherRequest request = FisherRequest.of(
                model, Examples.of("examples", Map.of("x", x.tensor())), new Likelihood.Categorical(-1), EXACT);
        Map<String, double[]> expected =
                inDoubles(x.tensor().toDoubles(), sharpened.tensor().toDoubles());
        RelativeError.check("sure examples", expected, Estimation.of(request), 1e-5);
    }

    private static Map<String, double[]> inDoubles(double[] x, double... w) {
        double[] ofWeights = new double[12];
        double[] ofBias = new double[4];
        for (int n = 0; n < 6; n++) {
            double[] e = new double[4];
            for (int j = 0; j < 4; j++) {
                e[j] = Math.exp(x[3 * n] * w[j] + x[3 * n + 1] * w[4 + j] + x[3 * n + 2] * w[8 + j] + 1 + j);
            }
            double total = Arrays.stream(e).sum();
            for (int j = 0; j < 4; j++) {
                double others = 0;
                for (int k = 0; k < 4; k++) {
                    others += k == j ? 0 : e[k];
                }
                double square = e[j] / total * (others / total);
                ofBias[j] += square / 6;
                for (int i = 0; i < 3; i++) {
                    ofWeights[4 * i + j] += square * x[3 * n + i] * x[3 * n + i] / 6;
                }
            }
        }
        return Map.of("w", ofWeights, "b", ofBias);
    }
}
