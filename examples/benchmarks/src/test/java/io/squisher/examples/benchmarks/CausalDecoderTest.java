package io.squisher.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decoder of the benchmark, so small that its Fisher can be had another way. */
class CausalDecoderTest {
    private static final CausalDecoder.Size TINY = new CausalDecoder.Size(2, 16, 2, 70, 10, 8);
    private static final int EXAMPLES = 3;

    private static OnnxFile written(Path folder) throws IOException {
        Path file = folder.resolve("decoder.onnx");
        try (WeightFile weights = new WeightFile(WeightFile.beside(file));
                OutputStream stream = Files.newOutputStream(file)) {
            CausalDecoder.build(TINY, new NetworkWriter(weights::store)).writeTo(stream);
        }
        return OnnxFile.read(file);
    }

    private static Tensor words(long seed) {
        return Tensor.of(
                Shape.of(EXAMPLES, TINY.tokens()),
                new Random(seed)
                        .longs((long) EXAMPLES * TINY.tokens(), 0, TINY.vocabulary())
                        .toArray());
    }

    private static Map<String, double[]> fisher(OnnxFile model, Examples examples, FisherKind kind) {
        FisherRequest request = FisherRequest.of(model, examples, new Likelihood.CategoricalTokens(-100), kind);
        Map<String, double[]> values = new LinkedHashMap<>();
        try (FisherEstimator estimator = new FisherEstimator(request.withBatchSize(2))) {
            estimator
                    .run(FisherListener.SILENT)
                    .tensors()
                    .forEach((name, tensor) -> values.put(name, tensor.toDoubles()));
        }
        return values;
    }

    /** Of one example the joint Fisher is the square of the ordinary gradient, which knows no rule for single examples. */
    @Test
    void itsFisherIsTheMeanOfSquaredGradients(@TempDir Path folder) throws IOException {
        OnnxFile model = written(folder);
        Examples examples = Examples.of("examples", Map.of("x", words(1), "labels", words(2)));
        Map<String, double[]> found = fisher(model, examples, new FisherKind.Empirical());
        Map<String, double[]> expected = new LinkedHashMap<>();
        for (int i = 0; i < EXAMPLES; i++) {
            fisher(model, examples.slice(i, 1), new FisherKind.Joint())
                    .forEach((name, squares) -> expected.merge(name, squares, CausalDecoderTest::sum));
        }
        assertEquals(expected.keySet(), found.keySet());
        assertEquals(2 + 2 * 12 + 2, found.size());
        expected.forEach((name, sums) -> {
            double most = Arrays.stream(sums).max().orElseThrow();
            assertTrue(most > 0, name);
            for (int i = 0; i < sums.length; i++) {
                assertEquals(sums[i] / EXAMPLES, found.get(name)[i], 1e-5 * most, name + " " + i);
            }
        });
    }

    @Test
    void weightsThatAreNotSmallLieBesideTheModel(@TempDir Path folder) throws IOException {
        Path data = WeightFile.beside(written(folder).path());
        long table = 4L * TINY.vocabulary() * TINY.width();
        assertTrue(Files.size(data) > table, data + " has " + Files.size(data));
        assertTrue(Files.size(folder.resolve("decoder.onnx")) < 6 * table);
    }

    private static double[] sum(double[] a, double... b) {
        double[] sum = a.clone();
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }
}
