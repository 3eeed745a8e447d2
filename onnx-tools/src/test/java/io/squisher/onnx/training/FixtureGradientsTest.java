package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherFile;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.training.optimizer.Sgd;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gradients of a first step over all examples, as the average of their squares has them, against PyTorch's joint Fisher in
 * float64: {@code v = (1 − d) ḡ²} and {@code joint = N ḡ²}. For every likelihood and architecture of the fixtures.
 */
class FixtureGradientsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bn_cnn",
                "depthwise_cnn",
                "lenet_cnn",
                "mlp_relu",
                "multilabel_bernoulli",
                "regression_gaussian",
                "shared_weight",
                "tiny_bert",
                "tiny_gpt",
                "vae_like_convtranspose"
            })
    void theGradientsAreThoseOfPyTorch(String name) throws IOException, URISyntaxException {
        Path fixture = Path.of(
                FixtureGradientsTest.class.getResource("/fixtures/" + name).toURI());
        JsonObject facts = JsonParser.parseString(Files.readString(fixture.resolve("case.json")))
                .getAsJsonObject();
        int count = facts.get("N").getAsInt();
        Likelihood likelihood =
                switch (facts.get("likelihood").getAsString()) {
                    case "categorical" -> new Likelihood.Categorical(-1);
                    case "categorical-tokens" -> new Likelihood.CategoricalTokens(-100);
                    case "bernoulli" -> new Likelihood.Bernoulli();
                    default -> new Likelihood.Gaussian(1);
                };
        TrainingResult result = OnnxTrainer.of(fixture.resolve("model.onnx"))
                .data(fixture.resolve("data.npz"))
                .likelihood(likelihood)
                .optimizer(Sgd.of(1e-3))
                .batchSize(count)
                .epochs(1)
                .train(folder.resolve("tuned.onnx"));
        assertEquals(1, result.steps());
        try (FisherFile squisher = FisherFile.open(result.squisher());
                SafetensorsFile joint = SafetensorsFile.open(fixture.resolve("fisher_joint.safetensors"))) {
            int compared = 0;
            for (String parameter : squisher.diagonal().names()) {
                if (parameter.endsWith("key.bias")) {
                    // Softmax does not change when all its inputs move together: there is no gradient but rounding.
                    continue;
                }
                double[] expected = joint.tensors().get(parameter).toDoubles();
                double[] seen = squisher.diagonal().tensor(parameter).toDoubles();
                double largest = Arrays.stream(expected).max().orElseThrow();
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(
                            expected[i] / largest, seen[i] * count / 0.001 / largest, 2e-4, parameter + "[" + i + "]");
                }
                compared++;
            }
            assertTrue(compared > 1, compared + " parameters were compared");
        }
    }
}
