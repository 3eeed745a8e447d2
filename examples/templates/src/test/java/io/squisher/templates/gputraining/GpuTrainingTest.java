package io.squisher.templates.gputraining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.DeviceSpec.DeviceType;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class GpuTrainingTest {
    @TempDir
    private Path folder;

    @Test
    void withoutAGpuTrainingRunsOnTheProcessor() {
        PrintStream errors = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        DeviceType device;
        try {
            device = GpuTraining.run(folder, 7, 20);
        } finally {
            System.setErr(errors);
        }
        assertTrue(
                said.toString(StandardCharsets.UTF_8).startsWith("no GPU 7 that TensorFlow can use"), said.toString());
        assertEquals(DeviceType.CPU, device, "this machine has eight GPUs");
        try (FisherFile squisher = FisherFile.open(folder.resolve("model.squisher.safetensors"))) {
            assertEquals(20, squisher.diagonal().provenance().getAccumulator().getStep());
        }
    }
}
