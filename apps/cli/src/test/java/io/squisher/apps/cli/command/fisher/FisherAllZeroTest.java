package io.squisher.apps.cli.command.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is certain of every label has no Fisher: every command that meets one says so. */
class FisherAllZeroTest {
    private static final Path FILES = Path.of("src/test/resources/field/fisher_all_zero");
    private static final Path SATURATED = FILES.resolve("saturated.onnx");
    private static final String CAUSE = "' is 0 for every parameter: the model is certain of its labels";

    @TempDir
    private Path folder;

    private Path zero;

    @BeforeEach
    void measure() {
        zero = folder.resolve("z.safetensors");
        Run run = Run.of("fisher", SATURATED, "--data", FILES.resolve("zeros.npz"), "-o", zero);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains(CAUSE), run.err());
    }

    @Test
    void whatOrdersByItWarns() {
        List<Run> runs = List.of(
                Run.of("mask", "--fisher", zero, "--keep", "0.2", "-o", folder.resolve("m.safetensors")),
                Run.of(
                        "prune",
                        FILES.resolve("logits.onnx"),
                        "--fisher",
                        zero,
                        "--allow-other-model",
                        "--sparsity",
                        "0.5",
                        "-o",
                        folder.resolve("p.onnx")),
                Run.of(
                        "ewc",
                        "--model",
                        SATURATED,
                        "--fisher",
                        zero,
                        "-o",
                        folder.resolve("e.safetensors"),
                        "--anchor-out",
                        folder.resolve("a.safetensors")),
                Run.of(
                        "merge",
                        "--normalize",
                        "none",
                        "--model",
                        SATURATED,
                        "--fisher",
                        zero,
                        "--model",
                        SATURATED,
                        "--fisher",
                        zero,
                        "-o",
                        folder.resolve("merged.onnx")));
        for (Run run : runs) {
            assertEquals(0, run.exitCode(), run.err());
            assertTrue(run.err().contains(CAUSE), run.err());
            assertTrue(run.err().contains("any order of its parameters is arbitrary"), run.err());
        }
    }

    @Test
    void whatComparesWithItRefuses() throws IOException {
        Path other = Files.copy(zero, folder.resolve("z2.safetensors"));
        List<Run> runs = List.of(
                Run.of("similarity", zero, other, "--vectors", "keep"),
                Run.of("embed", "--fisher", zero, "--vectors", "keep", "-o", folder.resolve("e.json")),
                Run.of("compare", zero, other));
        for (Run run : runs) {
            assertEquals(1, run.exitCode(), run.out());
            assertTrue(run.err().contains(CAUSE), run.err());
            assertFalse(run.out().contains("NaN"), run.out());
        }
        assertEquals(0, Run.of("compare", zero, other, "--rtol", "1e-3").exitCode());
    }
}
