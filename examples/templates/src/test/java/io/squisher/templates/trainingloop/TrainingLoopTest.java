package io.squisher.templates.trainingloop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
class TrainingLoopTest {
    @TempDir
    private Path folder;

    @Test
    void trainingLoopSavesASquisherThatBelongsToItsModel() {
        float loss = TrainingLoop.run(folder, 200);
        assertTrue(loss < 1, "the loss of guessing is 2.3, after 200 steps it is " + loss);
        try (FisherFile squisher = FisherFile.open(folder.resolve("model.squisher.safetensors"));
                WeightSource model = WeightFormats.open(folder.resolve("model.onnx"))) {
            assertEquals(200, squisher.diagonal().provenance().getAccumulator().getStep());
            assertEquals(
                    ContentHash.of(squisher.diagonal().names(), model::tensor),
                    squisher.diagonal().provenance().getWeightsHash());
        }
    }
}
