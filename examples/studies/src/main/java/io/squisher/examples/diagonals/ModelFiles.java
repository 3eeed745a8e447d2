package io.squisher.examples.diagonals;

import io.squisher.apps.compare.Comparison;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tf.checkpoint.Squisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a trained model.
 *
 * @param model images to logits, ONNX
 * @param fisher the empirical Fisher on the training images
 * @param squisher Adam's accumulator, saved by the hook
 */
public record ModelFiles(Path model, Path fisher, Path squisher, Cost cost) {
    public static final Likelihood LIKELIHOOD = new Likelihood.Categorical(-1);

    /** The share of coordinates that count as the largest in comparisons. */
    private static final double TOP = 0.1;

    private static final double NANO = 1e-9;

    /**
     * Saves a network: its checkpoint, its Squisher, its ONNX model, and its Fisher on {@code images}.
     *
     * @param logitOffsets those of the training, one row
     * @param name the stem of the files' names
     */
    public static ModelFiles save(
            TrainedNetwork trained, LabelledImages images, float[] logitOffsets, Path folder, String name) {
        Path model = folder.resolve(name + ".onnx");
        Path checkpoint = folder.resolve(name);
        double alone = seconds(() -> trained.saveCheckpointAlone(checkpoint));
        double together = seconds(() -> trained.save(checkpoint));
        trained.export(model);
        Path taskModel = folder.resolve(name + ".task.onnx");
        trained.exportTask(taskModel);
        Path fisher = folder.resolve(name + ".fisher.safetensors");
        Examples examples = images.toExamples("training images", logitOffsets);
        double computed = seconds(() -> computeFisher(taskModel, examples, fisher));
        Path squisher = Squisher.fileFor(checkpoint);
        return new ModelFiles(
                model, fisher, squisher, new Cost(computed, size(fisher), alone, together, size(squisher)));
    }

    private static void computeFisher(Path model, Examples examples, Path target) {
        FisherRequest request =
                FisherRequest.of(OnnxFile.read(model), examples, LIKELIHOOD, new FisherKind.Empirical());
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            FisherFile.write(target, estimator.run(FisherListener.SILENT));
        }
    }

    /** Share of images that a model, or one like it, tells right, percent. */
    public static double accuracy(Path model, LabelledImages images, int classes) {
        Examples examples = images.toExamples("held-out images", new float[classes]);
        return 100
                * Evaluation.of(OnnxFile.read(model), examples, LIKELIHOOD)
                        .run()
                        .value();
    }

    /** The Fisher against the accumulator as stored. */
    public Comparison agreement() {
        try (FisherFile first = FisherFile.open(fisher);
                FisherFile second = FisherFile.open(squisher)) {
            return Comparison.of(first.diagonal().tensors(), second.diagonal().tensors(), TOP);
        }
    }

    /** What the stored accumulator is multiplied with: batch size and bias correction. */
    public double squisherScale() {
        try (FisherFile file = FisherFile.open(squisher)) {
            return FisherScale.BATCH
                    .rescaling(file.diagonal().provenance(), squisher.toString())
                    .factor();
        }
    }

    /** The diagonal of a file that stays open, under its name. */
    public static NamedFisher named(FisherFile file) {
        return new NamedFisher(file.path().getFileName().toString(), file.diagonal());
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
