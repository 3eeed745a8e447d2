package io.squisher.apps.cli.command.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonParser;
import io.squisher.mask.MaskFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruneCommandTest {
    private static final Path LENET = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path FISHER = Fixtures.path("lenet_cnn/fisher_exact.safetensors");

    @TempDir
    Path folder;

    @Test
    void prunesARealModelToTheElement() {
        Path output = folder.resolve("p.onnx");
        Path mask = folder.resolve("mask.safetensors");
        Run run = Run.of(
                "prune", LENET, "--fisher", FISHER, "--sparsity", "0.75", "-o", output, "--mask-out", mask, "--json");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                1157,
                JsonParser.parseString(run.out())
                        .getAsJsonObject()
                        .get("pruned")
                        .getAsLong());
        long zeros = 0;
        String inspected = Run.of("inspect", output, "--json").out();
        for (JsonElement tensor :
                JsonParser.parseString(inspected).getAsJsonObject().getAsJsonArray("tensors")) {
            zeros += tensor.getAsJsonObject().get("zeros").getAsLong();
        }
        assertEquals(1157, zeros);
        try (MaskFile file = MaskFile.open(mask)) {
            assertEquals(8, file.masks().size());
        }
    }

    @Test
    void takesTheSparsityFromTheScheduleOfRounds() {
        Run run = Run.of(
                "prune",
                LENET,
                "--method",
                "magnitude",
                "--sparsity",
                "0.8",
                "--rounds",
                2,
                "--round",
                1,
                "--dry-run",
                "--json");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                Math.round(0.7 * 1542),
                JsonParser.parseString(run.out())
                        .getAsJsonObject()
                        .get("pruned")
                        .getAsLong());
    }

    @Test
    void refusesAFisherOfAnotherModelBeforeWriting() {
        Path output = folder.resolve("p.onnx");
        Path other = Fixtures.path("bn_cnn/fisher_empirical.safetensors");
        Run run = Run.of("prune", LENET, "--fisher", other, "--sparsity", "0.5", "-o", output);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("cannot prune, 3 problems:"), run.err());
        assertFalse(Files.exists(output));
    }

    @Test
    void wrongUsageIsTwo() {
        assertEquals(2, Run.of("prune", LENET, "--sparsity", "0.5", "-o", "x").exitCode());
        assertEquals(2, Run.of("prune", LENET, "--fisher", FISHER, "-o", "x").exitCode());
        assertEquals(
                2,
                Run.of("prune", LENET, "--fisher", FISHER, "--sparsity", "75", "-o", "x")
                        .exitCode());
        assertEquals(
                2,
                Run.of("prune", LENET, "--fisher", FISHER, "--sparsity", "0.5", "--round", "1", "-o", "x")
                        .exitCode());
    }
}
