package io.squisher.examples.demo;

import io.squisher.apps.compare.Comparison;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.diagonals.ModelFiles;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model that was fine-tuned on one half of the digits, its two diagonals, and how they agree.
 *
 * @param trainingImages how many images it was fine-tuned on
 * @param agreement of the Fisher with the accumulator as stored
 * @param squisherScale what the stored accumulator is multiplied with: batch size and bias correction
 */
record FineTuned(Task task, ModelFiles files, int trainingImages, Comparison agreement, double squisherScale) {
    /** Trains, exports, and computes the empirical Fisher on the training images. */
    static FineTuned train(
            Task task, Map<String, float[]> start, Split split, DemoSettings settings, Path folder, long seed) {
        LabelledImages images = task.own(split.training());
        float[] offsets = task.logitOffsets(settings.classes());
        Classifier network =
                new Classifier(DemoSettings.BODY, images.pixels(), offsets.length, InitialValues.of(start));
        TrainingSettings training =
                new TrainingSettings(settings.steps(), DemoSettings.BATCH, settings.learningRate(), seed);
        try (TrainedNetwork trained = TrainedNetwork.train(network, images, offsets, training)) {
            ModelFiles files = ModelFiles.save(trained, images, offsets, folder, task.name());
            return new FineTuned(task, files, images.size(), files.agreement(), files.squisherScale());
        }
    }
}
