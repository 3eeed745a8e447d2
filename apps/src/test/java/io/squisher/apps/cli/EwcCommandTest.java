package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.squisher.apps.Fixtures;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.proto.Provenance;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertEquals(0, document.get("penalty").getAsDouble());
        assertEquals(2, document.getAsJsonObject("lambda").get("sum_half").getAsDouble(), 1e-12);

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
