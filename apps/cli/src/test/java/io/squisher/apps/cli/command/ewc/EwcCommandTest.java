package io.squisher.apps.cli.command.ewc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EwcCommandTest {
    private static final Path LENET = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path EXACT = Fixtures.path("lenet_cnn/fisher_exact.safetensors");

    @TempDir
    Path folder;

    @Test
    void writesAFisherThatBelongsToItsAnchor() {
        Path output = folder.resolve("ewc.safetensors");
        Path anchor = folder.resolve("anchor.safetensors");
        Run run = Run.of(
                "ewc",
                "--model",
                LENET,
                "--fisher",
                EXACT,
                "--model",
                LENET,
                "--fisher",
                EXACT,
                "--weight",
                3,
                "--lambda",
                100,
                "--examples",
                50,
                "--at",
                LENET,
                "-o",
                output,
                "--anchor-out",
                anchor,
                "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(
                0, document.getAsJsonObject("penalties").get(LENET.toString()).getAsDouble());
        assertEquals(2, document.getAsJsonObject("lambda").get("half-sum").getAsDouble(), 1e-12);

        try (FisherFile combined = FisherFile.open(output);
                FisherFile exact = FisherFile.open(EXACT);
                WeightSource centre = WeightFormats.open(anchor);
                WeightSource model = WeightFormats.open(LENET)) {
            Provenance provenance = combined.diagonal().provenance();
            assertEquals(Provenance.Kind.COMBINED, provenance.getKind());
            assertEquals(ContentHash.of(combined.diagonal().names(), centre::tensor), provenance.getWeightsHash());
            double[] expected = exact.diagonal().tensor("9.bias").toDoubles();
            for (int i = 0; i < expected.length; i++) {
                expected[i] *= 4;
            }
            // Fixtures hold float64, which the consolidated Fisher keeps.
            assertArrayEquals(expected, combined.diagonal().tensor("9.bias").toDoubles(), 1e-12);
            assertArrayEquals(
                    model.tensor("9.bias").toFloats(), centre.tensor("9.bias").toFloats(), 1e-7f);
        }
    }

    @Test
    void convertsLambdaAndSaysWhatThePenaltyDoes() {
        Object[] words = {"ewc", "--model", LENET, "--fisher", EXACT, "--dry-run", "--lambda", 50, "--json"};
        JsonObject ours = json(words);
        JsonObject avalanche = json(plus(words, "--lambda-convention", "mean"));
        assertEquals(50, ours.get("lambda_half_mean").getAsDouble());
        assertEquals(100, avalanche.get("lambda_half_mean").getAsDouble());
        assertEquals(
                50 * ours.get("largest").getAsDouble(),
                ours.get("largest_curvature").getAsDouble(),
                1e-12);
        JsonObject summed = json(plus(words, "--lambda-convention", "half-sum", "--examples", 1000));
        assertEquals(50_000, summed.get("lambda_half_mean").getAsDouble());
        assertEquals(2, Run.of(plus(words, "--lambda-convention", "sum")).exitCode());
        assertEquals(2, Run.of(plus(words, "--lambda-convention", "third")).exitCode());
    }

    private static JsonObject json(Object... words) {
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static Object[] plus(Object[] words, Object... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
    }

    @Test
    void aFisherWithNotANumberLeavesNoAnchor() throws IOException {
        Path fisher = folder.resolve("nan.safetensors");
        try (FisherFile exact = FisherFile.open(EXACT)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(exact.diagonal().tensors());
            tensors.put("9.bias", Fixtures.vector(0, 0, Double.NaN, 0, 0, 0, 0, 0, 0, 0));
            FisherFile.write(
                    fisher, new FisherDiagonal(tensors, exact.diagonal().provenance()));
        }
        Path anchor = folder.resolve("a.safetensors");
        Run run = Run.of(
                "ewc",
                "--model",
                LENET,
                "--fisher",
                fisher,
                "-o",
                folder.resolve("o.safetensors"),
                "--anchor-out",
                anchor);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("tensor '9.bias' has NaN at element 2"), run.err());
        assertFalse(Files.exists(anchor));
    }

    @Test
    void theIdentityNeedsNoFisherAndAMissingFisherIsNamed() {
        Run identity = Run.of("ewc", "--method", "identity", "--model", LENET, "--dry-run", "--json");
        assertEquals(0, identity.exitCode(), identity.err());
        assertEquals(
                1542,
                JsonParser.parseString(identity.out())
                        .getAsJsonObject()
                        .get("trace")
                        .getAsDouble());

        Path output = folder.resolve("ewc.safetensors");
        Run missing = Run.of("ewc", "--model", LENET, "-o", output, "--anchor-out", folder.resolve("a.safetensors"));
        assertEquals(1, missing.exitCode());
        assertTrue(missing.err().contains("has no Fisher"), missing.err());
        assertFalse(Files.exists(output));
        assertEquals(
                2,
                Run.of("ewc", "--model", LENET, "--fisher", EXACT, "-o", output).exitCode());
        assertEquals(2, Run.of("ewc", "-o", output).exitCode());
    }
}
