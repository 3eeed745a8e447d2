package io.squisher.examples.demo;

import io.squisher.apps.compare.Comparison;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.Likelihood;
import io.squisher.tf.checkpoint.Squisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model that was fine-tuned on one half of the digits, its two diagonals, and how they agree.
 *
 * @param model images to logits, ONNX
 * @param trainingImages how many images it was fine-tuned on
 * @param ownAccuracy on test images of its own classes, told apart among these alone; percent
 * @param agreement of the Fisher with the accumulator as stored
 * @param squisherScale what the stored accumulator is multiplied with: batch size and bias correction
 */
record FineTuned(
        Task task,
        Path model,
        Path fisher,
        Path squisher,
        int trainingImages,
        double ownAccuracy,
        Comparison agreement,
        double squisherScale,
        Cost cost) {
    static final Likelihood LIKELIHOOD = new Likelihood.Categorical(-1);
    private static final double TOP = 0.1;
    private static final double NANO = 1e-9;

    /** Trains, exports, and computes the empirical Fisher on the training images. */
    static FineTuned train(
            Task task, Map<String, float[]> start, Split split, DemoSettings settings, Path folder, long seed) {
        LabelledImages images = task.own(split.training());
        float[] offsets = task.logitOffsets(settings.classes());
        Classifier network =
                new Classifier(DemoSettings.BODY, images.pixels(), offsets.length, InitialValues.of(start));
        TrainingSettings training =
                new TrainingSettings(settings.steps(), DemoSettings.BATCH, settings.learningRate(), seed);
        Path model = folder.resolve(task.name() + ".onnx");
        Path taskModel = folder.resolve(task.name() + ".task.onnx");
        Path checkpoint = folder.resolve(task.name());
        double alone;
        double together;
        try (TrainedNetwork trained = TrainedNetwork.train(network, images, offsets, training)) {
            alone = seconds(() -> trained.saveCheckpointAlone(checkpoint));
            together = seconds(() -> trained.save(checkpoint));
            trained.export(model);
            trained.exportTask(taskModel);
        }
        Path fisher = folder.resolve(task.name() + ".fisher.safetensors");
        OnnxFile onnx = OnnxFile.read(taskModel);
        double computed = seconds(() -> computeFisher(onnx, images.toExamples("training images", offsets), fisher));
        Path squisher = Squisher.fileFor(checkpoint);
        Examples test =
                task.own(split.test()).toExamples("test images", Classifier.offsets(offsets.length, task.classes()));
        double own = 100 * Evaluation.of(onnx, test, LIKELIHOOD).run().value();
        Cost cost = new Cost(computed, size(fisher), alone, together, size(squisher));
        return new FineTuned(
                task, model, fisher, squisher, images.size(), own, compare(fisher, squisher), scale(squisher), cost);
    }

    private static void computeFisher(OnnxFile model, Examples examples, Path target) {
        FisherRequest request = FisherRequest.of(model, examples, LIKELIHOOD, new FisherKind.Empirical());
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            FisherFile.write(target, estimator.run(FisherListener.SILENT));
        }
    }

    private static Comparison compare(Path fisher, Path squisher) {
        try (FisherFile first = FisherFile.open(fisher);
                FisherFile second = FisherFile.open(squisher)) {
            return Comparison.of(first.diagonal().tensors(), second.diagonal().tensors(), TOP);
        }
    }

    private static double scale(Path squisher) {
        try (FisherFile file = FisherFile.open(squisher)) {
            return FisherScale.BATCH
                    .rescaling(file.diagonal().provenance(), squisher.toString())
                    .factor();
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * NANO;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
