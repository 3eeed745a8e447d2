package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of single examples against the Fishers of one example after the other. */
class ExampleScoresTest {
    private static final double TOLERANCE = 2e-5;

    private static double[] scores(FisherRequest request, Map<String, Tensor> weights) {
        double[] all = new double[(int) request.examples().count()];
        try (ExampleScores scores = new ExampleScores(request, weights)) {
            scores.run(
                    FisherListener.SILENT,
                    (from, numbers) -> System.arraycopy(numbers, 0, all, (int) from, numbers.length));
        }
        return all;
    }

    /** Σ_j w_j F_j of each example alone. */
    private static double[] loop(FisherRequest request, Map<String, Tensor> weights) {
        double[] all = new double[(int) request.examples().count()];
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            for (int n = 0; n < all.length; n++) {
                estimator.clear();
                estimator.add(request.examples().slice(n, 1));
                for (Map.Entry<String, Tensor> entry :
                        estimator.sums().tensors().entrySet()) {
                    double[] squares = entry.getValue().toDoubles();
                    double[] w = weights.isEmpty()
                            ? null
                            : weights.get(entry.getKey()).toDoubles();
                    for (int j = 0; j < squares.length; j++) {
                        all[n] += squares[j] * (w == null ? 1 : w[j]);
                    }
                }
            }
        }
        return all;
    }

    private static Map<String, Tensor> randomWeights(FisherRequest request, double scale) {
        Random random = new Random(7);
        Map<String, Tensor> weights = new HashMap<>();
        try (FisherPlan plan = FisherPlan.of(request)) {
            plan.parameters()
                    .forEach((name, shape) -> weights.put(
                            name,
                            Tensor.of(
                                    shape,
                                    random.doubles(shape.size())
                                            .map(x -> scale * x * x)
                                            .toArray())));
        }
        return weights;
    }

    private static void assertClose(double[] expected, double[] actual, String what) {
        for (int n = 0; n < expected.length; n++) {
            assertEquals(
                    1,
                    actual[n] / expected[n],
                    TOLERANCE,
                    what + ": example " + n + " of " + Arrays.toString(expected));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mlp_relu, empirical",
        "lenet_cnn, empirical",
        "lenet_cnn, exact",
        "lenet_cnn, sampled",
        "bn_cnn, empirical",
        "depthwise_cnn, empirical",
        "multilabel_bernoulli, empirical",
        "regression_gaussian, exact",
        "shared_weight, empirical",
        "tiny_bert, empirical",
        "tiny_gpt, empirical",
        "tiny_gpt, sampled",
        "vae_like_convtranspose, empirical"
    })
    void isTheSumOverTheFisherOfEachExample(String name, String kind) {
        Fixture fixture = Fixture.load(name);
        FisherKind wanted =
                switch (kind) {
                    case "exact" -> new FisherKind.Exact();
                    case "sampled" -> new FisherKind.Sampled(2, 5);
                    default -> new FisherKind.Empirical();
                };
        try (NpzFile data = fixture.data()) {
            Examples examples = Fixture.examples(data);
            FisherRequest request = FisherRequest.of(
                    fixture.model(), examples.slice(0, Math.min(5, examples.count())), fixture.likelihood(), wanted);
            assertClose(loop(request, Map.of()), scores(request.withBatchSize(3), Map.of()), name + " " + kind);
            Map<String, Tensor> weights = randomWeights(request, 1);
            assertClose(
                    loop(request, weights), scores(request.withBatchSize(2), weights), name + " " + kind + " weighted");
            assertArrayEquals(
                    scores(request.withBatchSize(2), weights),
                    scores(request.withBatchSize(5), weights),
                    1e-5 * Arrays.stream(loop(request, weights)).max().orElseThrow());
        }
    }

    /** x·f(w) + b with weights that are moved before they are used, are used twice, or have no rule for batches. */
    private static FisherRequest request(String way) {
        Numbers numbers = new Numbers(3);
        Value x = RaisedGraph.float32(numbers.normal(4, 3));
        TestModel test = TestModel.opset(20).input("x", x, -1, 3);
        switch (way) {
            case "transposed" ->
                test.initializer("w", RaisedGraph.float32(numbers.normal(2, 3)))
                        .node("Transpose", "w", "f", Attributes.NONE.with("perm", new long[] {1, 0}));
            case "twice" ->
                test.initializer("w", RaisedGraph.float32(numbers.normal(3, 2))).node("Add", "w,w", "f");
            case "tanh" ->
                test.initializer("w", RaisedGraph.float32(numbers.normal(3, 2))).node("Tanh", "w", "f");
            default ->
                test.initializer("w", RaisedGraph.float32(numbers.normal(3, 2)))
                        .initializer("axis", Value.ints(new int[0], 0))
                        .node("CumSum", "w,axis", "f");
        }
        test.initializer("b", Value.floats(new int[] {2}, 0.5, 1))
                .node("MatMul", "x,f", "product")
                .node("Add", "product,b", "y")
                .outputs("y");
        Map<String, Tensor> arrays = Map.of(
                "x",
                x.tensor(),
                "labels",
                Value.floats(new int[] {4, 2}, 0.5, -1, 2, 0, 1, 1, -0.5, 3).tensor());
        return FisherRequest.of(
                new OnnxFile(Path.of("model.onnx"), test.build()),
                Examples.of("examples", arrays),
                new Likelihood.Gaussian(1),
                new FisherKind.Empirical());
    }

    @ParameterizedTest
    @ValueSource(strings = {"transposed", "twice", "tanh", "cumulative"})
    void weightsThatAreComputedFromWeightsCountAsThemselves(String way) {
        FisherRequest request = request(way);
        assertClose(loop(request, Map.of()), scores(request, Map.of()), way);
        Map<String, Tensor> weights = randomWeights(request, 1);
        assertClose(loop(request, weights), scores(request, weights), way);
    }

    @Test
    void hugeWeightsStayFinite() {
        FisherRequest request = request("tanh");
        Map<String, Tensor> weights = randomWeights(request, 1e36);
        assertClose(loop(request, weights), scores(request, weights), "huge");
    }

    @Test
    void tellsWhatDoesNotGo() {
        FisherRequest request = request("tanh");
        assertRefused(
                "the weights lack the parameters [b]; leave those out with --params, or give all",
                () -> scores(request, Map.of("w", Tensor.of(Shape.of(3, 2), new double[6]))));
        assertRefused(
                "the weights of 'b' are [3], the parameter is [2]",
                () -> scores(
                        request,
                        Map.of(
                                "w", Tensor.of(Shape.of(3, 2), new double[6]),
                                "b", Tensor.of(Shape.of(3), new double[3]))));
        assertRefused(
                "the weights of 'b' have -1.0 at element 1; weights are finite and not negative",
                () -> scores(
                        request,
                        Map.of("w", Tensor.of(Shape.of(3, 2), new double[6]), "b", Tensor.of(Shape.of(2), 1.0, -1.0))));
        FisherRequest joint = new FisherRequest(
                request.model(),
                request.examples(),
                request.labels(),
                request.output(),
                request.outputsAreLogits(),
                request.likelihood(),
                new FisherKind.Joint(),
                request.parameters(),
                request.includeConstants(),
                request.tied(),
                request.batchSize(),
                request.runtime());
        assertRefused(
                "the joint kind has no number of one example; choose the kind empirical, sampled or exact",
                () -> scores(joint, Map.of()));
    }

    private static void assertRefused(String expected, Runnable call) {
        String message = assertThrows(SquisherException.class, call::run).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
