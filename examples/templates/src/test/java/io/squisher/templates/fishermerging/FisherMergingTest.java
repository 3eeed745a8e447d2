package io.squisher.templates.fishermerging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class FisherMergingTest {
    @TempDir
    private Path folder;

    @Test
    void fisherMergingBeatsTheAverageAndTheModels() {
        Map<String, Double> percent = FisherMerging.run(folder, 400);
        assertTrue(percent.get("merged") > percent.get("average"), percent.toString());
        assertTrue(percent.get("merged") > Math.max(percent.get("a"), percent.get("b")) + 10, percent.toString());
        assertTrue(Files.exists(folder.resolve("merged.onnx")));
    }
}
