package io.squisher.examples.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.examples.data.LabelledImages;
import io.squisher.fisher.FisherFile;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedNetworkTest {
    private static final int PIXELS = 4;
    private static final int CLASSES = 2;

    @Test
    void saysTheBatchThatAStepSawWhereImagesAreFewer(@TempDir Path folder) {
        TrainingSettings settings = new TrainingSettings(2, 16, 1e-3f, 1);
        try (TrainedNetwork trained = TrainedNetwork.open(network(), settings, TrainingParts.PLAIN)) {
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

    @Test
    void theRateFallsEvenlyToOneStepBeforeNone() {
        TrainingSettings settings = new TrainingSettings(4, 16, 1e-3f, 1).fallingToZero();
        assertEquals(1e-3f, settings.rate(0));
        assertEquals(5e-4f, settings.rate(2), 1e-10f);
        assertEquals(2.5e-4f, settings.rate(3), 1e-10f);
        assertEquals(settings.rate(3), settings.rate(4));
        assertEquals(1e-3f, new TrainingSettings(4, 16, 1e-3f, 1).rate(3));
    }

    @Test
    void aFallingRateMovesTheWeightsLess() {
        LabelledImages images = images();
        TrainingSettings settings = new TrainingSettings(20, 8, 1e-2f, 1);
        assertTrue(moved(images, settings.fallingToZero()) < 0.8 * moved(images, settings));
    }

    /** Mean distance of the biases from 0, where they start. */
    private static double moved(LabelledImages images, TrainingSettings settings) {
        try (TrainedNetwork trained = TrainedNetwork.train(network(), images, new float[CLASSES], settings)) {
            double sum = 0;
            for (float bias : trained.values().get("output.bias")) {
                sum += Math.abs(bias);
            }
            return sum;
        }
    }

    @Test
    void keepsAnAverageOfAnotherDecayBesideAdam(@TempDir Path folder) {
        LabelledImages images = images();
        TrainingSettings settings = new TrainingSettings(20, 8, 1e-2f, 1);
        try (TrainedNetwork plain = TrainedNetwork.train(network(), images, new float[CLASSES], settings);
                TrainedNetwork both = TrainedNetwork.open(network(), settings, TrainingParts.averaging(0.5f))) {
            both.run(images, new float[CLASSES]);
            assertArrayEquals(plain.values().get("hidden.kernel"), both.values().get("hidden.kernel"));
            assertEquals(0.999, decay(both.save(folder.resolve("adam"))), 1e-6);
            assertEquals(0.5, decay(both.saveOwn(folder.resolve("own"))), 1e-6);
        }
    }

    private static double decay(Path file) {
        try (FisherFile saved = FisherFile.open(file)) {
            return saved.diagonal().provenance().getAccumulator().getDecay();
        }
    }

    private static Classifier network() {
        return new Classifier(
                Classifier.Body.oneHiddenLayer(PIXELS, 3, CLASSES), PIXELS, CLASSES, InitialValues.random(1));
    }

    private static LabelledImages images() {
        Random random = new Random(3);
        float[][] pixels = new float[40][PIXELS];
        int[] labels = new int[40];
        for (int n = 0; n < labels.length; n++) {
            labels[n] = random.nextInt(4) == 0 ? 1 : 0;
            for (int i = 0; i < PIXELS; i++) {
                pixels[n][i] = random.nextFloat();
            }
        }
        return new LabelledImages(pixels, labels);
    }
}
