package io.squisher.examples.demo;

import io.squisher.examples.data.Digits;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingParts;
import io.squisher.examples.network.TrainingSettings;
import java.nio.file.Path;

/** The demo's models for one seed after a short training, to try commands on. */
public final class DemoModels {
    /** Fixes the split of the data, the halves and the initial values. */
    public static final long SEED = 1;

    private static final int STEPS = 200;

    private DemoModels() {}

    /**
     * Writes into a folder that is there: a pre-trained model and two that were fine-tuned from it, with Fisher and Squisher
     * of each, the data, and three merged models.
     */
    public static void write(Path folder) {
        DemoSettings settings = DemoSettings.DEFAULT.with(STEPS, DemoSettings.DEFAULT.learningRate());
        new SeedRun(Digits.load(), settings).run(folder, SEED);
    }

    /** Writes the network that all of them started from, before its first step. */
    public static void writeUntrained(Path file) {
        Classifier network =
                new Classifier(DemoSettings.BODY, Digits.PIXELS, Digits.CLASSES, InitialValues.random(SEED));
        TrainingSettings none = new TrainingSettings(0, DemoSettings.BATCH, DemoSettings.PRETRAINING_RATE, SEED);
        try (TrainedNetwork untrained = TrainedNetwork.open(network, none, TrainingParts.PLAIN)) {
            untrained.export(file);
        }
    }
}
