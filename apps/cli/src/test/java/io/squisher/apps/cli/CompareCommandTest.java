package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    private static final Path EXACT = Fixtures.path("lenet_cnn/fisher_exact.safetensors");
    private static final Path EMPIRICAL = Fixtures.path("lenet_cnn/fisher_empirical.safetensors");

    @Test
    void equalFilesPassAnyTolerance() {
        Run run = Run.of("compare", EXACT, EXACT, "--rtol", "0", "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject overall = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonObject("overall");
        assertEquals(1542, overall.get("elements").getAsLong());
        assertEquals(1, overall.get("spearman").getAsDouble(), 1e-12);
        assertEquals(1, overall.get("cosine").getAsDouble(), 1e-12);
    }

    @Test
    void namesTheWorstTensorsBeyondTheTolerance() {
        Run run = Run.of("compare", EXACT, EMPIRICAL, "--rtol", "1e-3");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("exceeds 0.001 in 8 of 8 tensors; the worst: '9.weight'"), run.err());
        assertEquals(0, Run.of("compare", EXACT, EMPIRICAL).exitCode());
    }

    @Test
    void aMissingTensorFailsATolerance(@TempDir Path folder) {
        Path part = folder.resolve("part.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(EXACT)) {
            SafetensorsWriter.write(part, Map.of("0.bias", file.tensors().get("0.bias")), Map.of());
        }
        Run run = Run.of("compare", EXACT, part, "--rtol", "1");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("only in '" + EXACT + "'"), run.err());
        assertEquals(0, Run.of("compare", EXACT, part).exitCode());
    }

    @Test
    void refusesDiagonalsOfOtherShapes() {
        Run run = Run.of("compare", EXACT, Fixtures.path("bn_cnn/fisher_empirical.safetensors"));
        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("squisher: cannot compare, 2 problems:"), run.err());
    }
}
