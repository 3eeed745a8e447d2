package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table of words that is looked up, and multiplied with from both sides, against the ordinary gradients of one example each. */
class JoinedUsesTest {
    private static final int TOKENS = 6;
    private static final Attributes SWAP = Attributes.NONE.with("perm", new long[] {1, 0});

    /** Words to logits of the next word, by way of a mean over the table. */
    private static FisherRequest request(int words, int width, int examples, FisherKind kind) {
        Value table = RaisedGraph.float32(new Numbers(3).normal(0.3, words, width));
        long[] ids =
                new Random(5).longs((long) examples * TOKENS, -words, words).toArray();
        long[] labels = new Random(6).longs((long) examples * TOKENS, 0, words).toArray();
        Shape shape = Shape.of(examples, TOKENS);
        long[] first = Arrays.copyOf(ids, TOKENS);
        TestModel test = TestModel.opset(20)
                .input("ids", Value.ints(new int[] {1, TOKENS}, first), -1, TOKENS)
                .initializer("table", table)
                .node("Gather", "table,ids", "words")
                .node("Tanh", "words", "hidden")
                .node("Transpose", "table", "head", SWAP)
                .node("MatMul", "hidden,head", "likeness")
                .node("Softmax", "likeness", "shares")
                .node("MatMul", "shares,table", "mean")
                .node("Identity", "head", "same")
                .node("MatMul", "mean,same", "logits")
                .outputs("logits");
        OnnxFile model = new OnnxFile(Path.of("model.onnx"), test.build());
        Map<String, Tensor> arrays = Map.of("ids", Tensor.of(shape, ids), "labels", Tensor.of(shape, labels));
        return FisherRequest.of(model, Examples.of("examples", arrays), new Likelihood.CategoricalTokens(-100), kind);
    }

    /** The second table has so many elements that eleven gradients of it are taken in tiles. */
    @ParameterizedTest
    @CsvSource({"9, 4, 3", "3001, 64, 11"})
    void squaresAreThoseOfTheSumOverTheUses(int words, int width, int examples) {
        FisherRequest request = request(words, width, examples, new FisherKind.Empirical());
        double[] expected = new double[words * width];
        FisherRequest joint = request(words, width, examples, new FisherKind.Joint());
        try (FisherEstimator estimator = new FisherEstimator(joint)) {
            for (int n = 0; n < examples; n++) {
                estimator.clear();
                estimator.add(joint.examples().slice(n, 1));
                double[] squares =
                        estimator.sums().toDiagonal().tensors().get("table").toDoubles();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] += squares[i] / examples;
                }
            }
        }
        Map<String, double[]> found = Estimation.of(request.withBatchSize(examples));
        RelativeError.checkAgainstLargest("table", Map.of("table", expected), found, 1e-5);
    }

    @Test
    void weightedSumsAreThoseOfTheSquares() {
        FisherRequest request = request(9, 4, 3, new FisherKind.Empirical());
        double[] squares = Estimation.of(request).get("table");
        float[] weights = new float[squares.length];
        double expected = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 1 + i % 5;
            expected += weights[i] * squares[i];
        }
        Map<String, Tensor> given = new LinkedHashMap<>(Map.of("table", Tensor.of(Shape.of(9, 4), weights)));
        double[] total = new double[1];
        try (ExampleScores scores = new ExampleScores(request, given)) {
            scores.run(FisherListener.SILENT, (from, numbers) -> {
                for (double number : numbers) {
                    total[0] += number / 3;
                }
            });
        }
        assertEquals(1, total[0] / expected, 1e-5);
    }

    @Test
    void allUsesAreOneProduct() {
        try (FisherPlan plan = FisherPlan.of(request(9, 4, 3, new FisherKind.Empirical()))) {
            assertEquals(Map.of("table", "per-example product over 4 uses"), plan.paths());
        }
    }
}
