package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that the PyTorch of this machine writes now: every optimizer, two groups, tied weights, bfloat16, both containers. */
@Tag("slow")
class InstalledTorchTest {
    @TempDir
    Path folder;

    private static boolean runs(List<String> command, Path log) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void everyCheckpointIsReadAsPyTorchReadsIt() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        String python = "";
        for (String candidate : List.of("python3", "/usr/bin/python3")) {
            if (python.isEmpty() && runs(List.of(candidate, "-c", "import torch"), log)) {
                python = candidate;
            }
        }
        assumeTrue(!python.isEmpty(), "no python3 with torch: install Debian's python3-torch");
        boolean written = runs(List.of(python, "src/test/scripts/write_torch_files.py", folder.toString()), log);
        assertTrue(written, Files.readString(log));
        int checked = 0;
        JsonObject all = JsonParser.parseString(Files.readString(folder.resolve("expected.json")))
                .getAsJsonObject();
        for (Map.Entry<String, JsonElement> entry : all.entrySet()) {
            JsonObject expected = entry.getValue().getAsJsonObject();
            if (expected.has("kind")) {
                Path file = folder.resolve(entry.getKey() + ".pt");
                CheckpointValues.check(
                        CheckpointFormats.open(Files.exists(file) ? file : folder.resolve(entry.getKey())), expected);
                checked++;
            }
        }
        assertEquals(21, checked);
    }
}
