package io.squisher.templates.fishmask;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.tensorflow.bundle.BundleFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class FishMaskTest {
    @TempDir
    private Path folder;

    @Test
    void fewParametersOfAFishMaskLearnMoreThanRandomOnes() {
        Map<String, Double> percent = FishMask.run(folder, 150);
        assertTrue(percent.get("2 % by fisher") > percent.get("2 % by random") + 5, percent.toString());
        assertTrue(percent.get("2 % by fisher") > percent.get("nothing") + 50, percent.toString());
        try (BundleFile base = BundleFile.open(folder.resolve("base"));
                BundleFile masked = BundleFile.open(folder.resolve("fisher"))) {
            long moved = 0;
            long all = 0;
            for (String layer : List.of("hidden1", "hidden2", "output")) {
                for (String name : List.of(layer + ".kernel", layer + ".bias")) {
                    float[] before = base.tensor(name).toFloats();
                    float[] after = masked.tensor(name).toFloats();
                    for (int i = 0; i < before.length; i++) {
                        moved += Float.floatToIntBits(before[i]) == Float.floatToIntBits(after[i]) ? 0 : 1;
                    }
                    all += before.length;
                }
            }
            assertTrue(moved > 0 && moved <= Math.round(0.02 * all), moved + " of " + all + " moved");
        }
    }
}
