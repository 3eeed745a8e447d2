package io.squisher.templates.pruning;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class PruningTest {
    @TempDir
    private Path folder;

    @Test
    void pruningByTheSquisherLosesLeast() {
        Map<String, Double> percent = Pruning.run(folder, 600);
        double mostPruned = percent.get("fisher 0.9");
        assertTrue(mostPruned > percent.get("magnitude 0.9") && mostPruned > percent.get("random 0.9"), "" + percent);
        assertTrue(percent.get("fisher 0.5") > percent.get("whole") - 5, percent.toString());
    }
}
