package io.squisher.apps.cli.command.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeShardRangeTest {
    @TempDir
    private Path folder;

    private Path a;
    private Path b;
    private Path index;

    @BeforeEach
    void writeModels() {
        a = model("a", 1);
        b = model("b", 3);
        index = folder.resolve("m.safetensors.index.json");
    }

    private Path model(String name, float factor) {
        Path file = folder.resolve(name + ".safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < 5; i++) {
            tensors.put("layer" + i, Fixtures.vector(factor * i, factor * (i + 1)));
        }
        SafetensorsWriter.write(file, tensors, Map.of());
        return file;
    }

    private Run merge(String range, Path output) {
        return Run.of("merge", "--method", "average", "--model", a, "--model", b, "--shard-range", range, "-o", output);
    }

    @Test
    void processesWriteTheirFilesAndTheLastOneTheIndex() {
        Run first = merge("1-2/4", index);
        assertEquals(0, first.exitCode(), first.err());
        assertTrue(
                first.out().contains("wrote the files 1-2/4 of " + index + ", which follows when the others are there"),
                first.out());
        assertFalse(Files.exists(index));
        Run last = merge("3-4/4", index);
        assertEquals(0, last.exitCode(), last.err());
        assertTrue(last.out().contains("wrote " + index + " with the files 3-4/4, the last"), last.out());
        Path whole = folder.resolve("whole.safetensors");
        Run single = Run.of("merge", "--method", "average", "--model", a, "--model", b, "-o", whole);
        assertEquals(0, single.exitCode(), single.err());
        try (WeightSource expected = WeightFormats.open(whole);
                WeightSource actual = WeightFormats.open(index)) {
            assertEquals(expected.names(), actual.names());
            expected.names()
                    .forEach(name -> assertArrayEquals(
                            expected.tensor(name).toDoubles(),
                            actual.tensor(name).toDoubles(),
                            name));
            assertEquals(
                    expected.metadata().get("squisher.merge"), actual.metadata().get("squisher.merge"));
        }
    }

    @Test
    void wrongRangesAndNamesAreRefused() {
        assertRefused(2, merge("5/4", index), "--shard-range there are no files 5 to 5 of 4");
        assertRefused(2, merge("4", index), "--shard-range takes FIRST-LAST/COUNT");
        assertRefused(1, merge("1/6", index), "has 5 tensors, fewer than 6 files");
        assertRefused(1, merge("1/2", folder.resolve("m.safetensors")), "whose name ends in .safetensors.index.json");
    }

    private static void assertRefused(int code, Run run, String text) {
        assertEquals(code, run.exitCode(), run.err());
        assertTrue(run.err().contains(text), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }
}
