package io.squisher.templates.checkpointtomerge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.merge.MergePlan;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointToMergeTest {
    private static final Path PYTORCH = Path.of("checkpoint-to-merge");
    private static final Path KERAS = Path.of("../../protos/src/test/resources/keras");

    @TempDir
    private Path folder;

    @Test
    void checkpointsOfPyTorchAndOfKerasAreMerged() {
        assertMergedBetween(PYTORCH.resolve("adam.pt"), PYTORCH.resolve("rmsprop.pt"));
        assertMergedBetween(KERAS.resolve("plain.keras"), KERAS.resolve("rmsprop.keras"));
    }

    /** A weighted mean lies between its values, and here not in the middle. */
    private void assertMergedBetween(Path first, Path second) {
        Path target = folder.resolve("merged.safetensors");
        MergePlan plan = CheckpointToMerge.run(first.toString(), second.toString(), target);
        boolean weighted = false;
        try (Checkpoint a = CheckpointFormats.open(first);
                Checkpoint b = CheckpointFormats.open(second);
                WeightSource merged = WeightFormats.open(target)) {
            for (String name : plan.tensors().keySet()) {
                double[] from = a.weights().orElseThrow().tensor(name).toDoubles();
                double[] to = b.weights().orElseThrow().tensor(name).toDoubles();
                double[] between = merged.tensor(name).toDoubles();
                for (int i = 0; i < between.length; i++) {
                    double low = Math.min(from[i], to[i]) - 1e-6;
                    double high = Math.max(from[i], to[i]) + 1e-6;
                    assertTrue(between[i] >= low && between[i] <= high, name + "[" + i + "] of " + target);
                    weighted |= Math.abs(between[i] - (from[i] + to[i]) / 2) > 0.01 * Math.abs(from[i] - to[i]) + 1e-6;
                }
            }
        }
        assertTrue(weighted, "it is the plain average of " + first + " and " + second);
    }
}
