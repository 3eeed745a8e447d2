package io.squisher.onnx.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The linear layer at the end of a classifier, and models with drawn weights. */
class LastLayerTest {
    private static Path file(String name) throws URISyntaxException {
        return Path.of(LastLayerTest.class.getResource("/fixtures/" + name).toURI());
    }

    private static Tensor initializer(OnnxFile model, String name) {
        return model.model().getGraph().getInitializerList().stream()
                .filter(proto -> proto.getName().equals(name))
                .map(OnnxTensors::read)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet_cnn", "mlp_relu"})
    void whatItGivesIsTheProductWithWhatItGets(String name) throws URISyntaxException {
        OnnxFile model = OnnxFile.read(file(name + "/model.onnx"));
        try (NpzFile data = NpzFile.open(file(name + "/data.npz"))) {
            Evaluation evaluation =
                    Evaluation.of(model, Examples.of("data", data.arrays()), new Likelihood.Categorical(-1));
            int[] seen = {0};
            LinearEnd end =
                    evaluation.lastLayer((features, logits, label) -> seen[0]++).orElseThrow();
            assertTrue(seen[0] > 3);
            double[] weights = initializer(model, end.weights()).toDoubles();
            double[] bias = initializer(model, end.bias().orElseThrow()).toDoubles();
            evaluation.lastLayer((features, logits, label) -> {
                for (int k = 0; k < logits.length; k++) {
                    double sum = bias[k];
                    for (int j = 0; j < features.length; j++) {
                        int at = end.classesFirst() ? k * features.length + j : j * logits.length + k;
                        sum += weights[at] * features[j];
                    }
                    assertEquals(sum, logits[k], 1e-5);
                }
            });
        }
    }

    @Test
    void drawsHaveTheSpreadThatIsAskedForAndDependOnSeedAndNumber() throws URISyntaxException {
        OnnxFile model = OnnxFile.read(file("lenet_cnn/model.onnx"));
        String name = "3.weight";
        Tensor before = initializer(model, name);
        double[] precision = new double[(int) before.size()];
        Arrays.fill(precision, 4);
        Map<String, Tensor> precisions = Map.of(name, Tensor.of(before.shape(), precision));
        double[] old = before.toDoubles();
        double squares = 0;
        int draws = 50;
        for (int number = 0; number < draws; number++) {
            double[] values = drawn(model, precisions, 3, number);
            for (int j = 0; j < old.length; j++) {
                squares += (values[j] - old[j]) * (values[j] - old[j]);
            }
        }
        assertEquals(0.25, squares / draws / old.length, 0.02);
        double[] first = drawn(model, precisions, 3, 0);
        assertArrayEquals(first, drawn(model, precisions, 3, 0));
        assertNotEquals(first[0], drawn(model, precisions, 3, 1)[0]);
        assertNotEquals(first[0], drawn(model, precisions, 4, 0)[0]);
        assertArrayEquals(
                initializer(model, "9.weight").toDoubles(),
                initializer(DrawnWeights.of(model, precisions, 3, 0), "9.weight")
                        .toDoubles());
    }

    private static double[] drawn(OnnxFile model, Map<String, Tensor> precisions, long seed, long number) {
        return initializer(DrawnWeights.of(model, precisions, seed, number), "3.weight")
                .toDoubles();
    }
}
