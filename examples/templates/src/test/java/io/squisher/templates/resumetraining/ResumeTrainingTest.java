package io.squisher.templates.resumetraining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class ResumeTrainingTest {
    @TempDir
    private Path folder;

    @Test
    void resumedTrainingGoesOnFromTheNewestPair() {
        assertEquals(0, ResumeTraining.run(folder, 250));
        assertEquals(200, ResumeTraining.run(folder, 320));
        assertEquals(300, ResumeTraining.run(folder, 300));
        assertTrue(Files.exists(folder.resolve("ckpt-300.squisher.safetensors")));
    }
}
