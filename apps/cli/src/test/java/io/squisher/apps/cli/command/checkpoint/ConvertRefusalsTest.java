package io.squisher.apps.cli.command.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversions whose result would stand for nothing. */
class ConvertRefusalsTest {
    @TempDir
    private Path folder;

    @Test
    void aBatchBeyondTheDataSet() {
        Run run = Run.of(
                "convert",
                Path.of("../../protos/src/test/resources/pytorch/adam.pt"),
                "--batch-size",
                64,
                "--dataset-size",
                10,
                "--dry-run");
        assertEquals(1, run.exitCode(), run.out());
        assertTrue(run.err().contains("a batch of 64 examples is larger than the data set of 10"), run.err());
    }

    @Test
    void anAccumulatorAtItsStartValue() {
        Map<String, Float> starts = Map.of("w-rms", 1f, "w-accumulator", 0.1f);
        starts.forEach((slot, start) -> {
            Path prefix = folder.resolve("m" + slot);
            BundleWriter.write(
                    prefix,
                    Map.of("w", Tensor.of(Shape.of(3), 1f, 2f, 3f), slot, Tensor.of(Shape.of(3), start, start, start)));
            Run run = Run.of("convert", prefix, "--step", 10, "--decay", 0.9, "-o", folder.resolve("s.safetensors"));
            assertEquals(1, run.exitCode(), run.out());
            assertTrue(run.err().contains("every accumulator holds "), run.err());
            assertTrue(run.err().contains("it was saved before the first step"), run.err());
        });
    }
}
