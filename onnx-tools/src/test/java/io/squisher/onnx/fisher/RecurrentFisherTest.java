package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Squares of the examples of a batch against squared gradients of batches that hold one example each. */
class RecurrentFisherTest {
    private static final int EXAMPLES = 5;
    private static final int TIME = 4;
    private static final int FEATURES = 3;
    private static final int HIDDEN = 2;
    private static final String PATH = "per-example product over the steps";

    @TempDir
    private Path folder;

    private OnnxFile model(String op, String direction, int gates, String inputs) throws IOException {
        Numbers numbers = new Numbers(3);
        int directions = direction.equals("bidirectional") ? 2 : 1;
        TestModel test = TestModel.opset(17)
                .input("x", numbers.normal(EXAMPLES, TIME, FEATURES), -1, TIME, FEATURES)
                .initializer("w", numbers.normal(directions, gates * HIDDEN, FEATURES))
                .initializer("r", numbers.normal(directions, gates * HIDDEN, HIDDEN))
                .initializer("b", numbers.normal(directions, 2 * gates * HIDDEN))
                .initializer("p", numbers.normal(directions, 3 * HIDDEN))
                .initializer("head", numbers.normal(directions * HIDDEN, 3))
                .initializer("shape", Value.ints(new int[] {2}, -1, directions * HIDDEN))
                .node("Transpose", "x", "steps", Attributes.NONE.with("perm", new long[] {1, 0, 2}))
                .node(
                        op,
                        inputs,
                        "y,last",
                        Attributes.NONE.with("hidden_size", (long) HIDDEN).with("direction", direction))
                .node("Transpose", "last", "batch", Attributes.NONE.with("perm", new long[] {1, 0, 2}))
                .node("Reshape", "batch,shape", "flat")
                .node("MatMul", "flat,head", "logits")
                .outputs("logits");
        Path file = folder.resolve(op + direction + ".onnx");
        Files.write(file, test.build().toByteArray());
        return OnnxFile.read(file);
    }

    private static Map<String, Tensor> arrays(int from, int count) {
        Value x = new Numbers(9).normal(EXAMPLES, TIME, FEATURES);
        Value labels = Value.ints(new int[] {EXAMPLES}, 0, 1, 2, 1, 0);
        int[] rows = java.util.stream.IntStream.range(from, from + count).toArray();
        return Map.of(
                "x",
                x.select(0, rows).tensor(),
                "labels",
                labels.select(0, rows).tensor());
    }

    private static Map<String, double[]> estimate(OnnxFile model, Map<String, Tensor> arrays, FisherKind kind) {
        Examples examples = Examples.of("examples", arrays);
        try (FisherEstimator estimator =
                new FisherEstimator(FisherRequest.of(model, examples, new Likelihood.Categorical(1), kind)
                        .withBatchSize(4))) {
            if (kind instanceof FisherKind.Empirical) {
                for (String name : estimator.plan().paths().keySet().stream()
                        .filter(name -> name.length() == 1)
                        .toList()) {
                    assertEquals(PATH, estimator.plan().paths().get(name), name);
                }
            }
            FisherDiagonal diagonal = estimator.run(FisherListener.SILENT);
            Map<String, double[]> values = new LinkedHashMap<>();
            diagonal.tensors().forEach((name, tensor) -> values.put(name, tensor.toDoubles()));
            return values;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LSTM, forward, 4, 'steps,w,r,b'",
        "LSTM, bidirectional, 4, 'steps,w,r,b'",
        "LSTM, reverse, 4, 'steps,w,r,b,,,,p'",
        "GRU, reverse, 3, 'steps,w,r,b'",
        "GRU, bidirectional, 3, 'steps,w,r,b'",
        "RNN, forward, 1, 'steps,w,r,b'",
        "RNN, bidirectional, 1, 'steps,w,r,b'"
    })
    void squaresEachExampleBeforeItSums(String op, String direction, int gates, String inputs) throws IOException {
        OnnxFile model = model(op, direction, gates, inputs);
        Map<String, double[]> expected = new LinkedHashMap<>();
        for (int n = 0; n < EXAMPLES; n++) {
            estimate(model, arrays(n, 1), new FisherKind.Joint())
                    .forEach((name, squares) -> expected.merge(name, squares, (sum, more) -> {
                        for (int i = 0; i < sum.length; i++) {
                            sum[i] += more[i];
                        }
                        return sum;
                    }));
        }
        expected.values().forEach(sum -> java.util.Arrays.setAll(sum, i -> sum[i] / EXAMPLES));
        RelativeError.check(op, expected, estimate(model, arrays(0, EXAMPLES), new FisherKind.Empirical()), 1e-4);
    }
}
