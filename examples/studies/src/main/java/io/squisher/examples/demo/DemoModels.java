package io.squisher.examples.demo;

import io.squisher.examples.data.Digits;
import java.nio.file.Path;

/** The demo's models for one seed after a short training, to try commands on. */
public final class DemoModels {
    private static final int STEPS = 200;

    private DemoModels() {}

    /**
     * Writes into a folder that is there: a pre-trained model and two that were fine-tuned from it, with Fisher and Squisher
     * of each, the data, and three merged models.
     */
    public static void write(Path folder) {
        DemoSettings settings = DemoSettings.DEFAULT.with(STEPS, DemoSettings.DEFAULT.learningRate());
        new SeedRun(Digits.load(), settings).run(folder, 1);
    }
}
