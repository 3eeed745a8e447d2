package io.squisher.examples.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.examples.data.LabelledImages;
import io.squisher.fisher.FisherFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedNetworkTest {
    private static final int PIXELS = 4;
    private static final int CLASSES = 2;

    @Test
    void saysTheBatchThatAStepSawWhereImagesAreFewer(@TempDir Path folder) {
        Classifier network = new Classifier(
                Classifier.Body.oneHiddenLayer(PIXELS, 3, CLASSES), PIXELS, CLASSES, InitialValues.random(1));
        TrainingSettings settings = new TrainingSettings(2, 16, 1e-3f, 1);
        try (TrainedNetwork trained = TrainedNetwork.open(network, settings, TrainingParts.PLAIN)) {
            assertEquals(16, batch(trained, 40, folder.resolve("many")));
            assertEquals(5, batch(trained, 5, folder.resolve("few")));
            assertEquals(16, batch(trained, 16, folder.resolve("as many")));
        }
    }

    private static long batch(TrainedNetwork trained, int images, Path prefix) {
        trained.run(new LabelledImages(new float[images][PIXELS], new int[images]), new float[CLASSES]);
        try (FisherFile saved = FisherFile.open(trained.save(prefix))) {
            return saved.diagonal().provenance().getAccumulator().getBatchSize();
        }
    }
}
