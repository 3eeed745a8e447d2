package io.squisher.templates.ubgmmerging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class UbgmMergingTest {
    @TempDir
    private Path folder;

    @Test
    void ubgmMergingBeatsTheModels() {
        Map<String, Double> percent = UbgmMerging.run(folder, 150);
        assertTrue(percent.get("merged") > Math.max(percent.get("a"), percent.get("b")) + 10, percent.toString());
        assertTrue(Files.exists(folder.resolve("merged.onnx")));
    }
}
