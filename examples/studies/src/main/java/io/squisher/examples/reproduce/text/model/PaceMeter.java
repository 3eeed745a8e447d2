package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Pace;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherKind;
import java.nio.file.Path;

/** Measures how fast the encoder is trained here, some seconds long. */
public final class PaceMeter {
    private static final double NANO = 1e-9;
    private static final int TEXTS = 64;
    private static final long SEED = 0;

    private PaceMeter() {}

    /**
     * Trains, squares and scores some texts.
     *
     * @param folder for files, to be removed
     */
    public static Pace measure(TextModels models, TextTask task, Path folder) {
        TaskSample sample = models.sample(task, SEED);
        Examples[] texts = {sample.firstOfTraining(TEXTS)};
        double count = texts[0].count();
        Path head = folder.resolve("head.onnx");
        models.withHead(models.encoder().model(), task, texts, SEED, head);
        FineTuning once = FineTuning.USUAL.withEpochs(1);
        Path tuned = folder.resolve("tuned.onnx");
        double one = seconds(() -> models.tune(models.trainer(head, SEED), texts, once, tuned));
        double three = seconds(() -> models.tune(models.trainer(head, SEED), texts, once.withEpochs(3), tuned));
        double trained = Math.max(0, three - one) / 2 / count;
        double scored = seconds(() -> Scorer.accuracy(tuned, texts)) / count;
        double written = Math.max(0.1, one - trained * count) / 2;
        double squared = seconds(() ->
                        models.fisher(tuned, sample, new FisherKind.Empirical(), folder.resolve("fisher.safetensors")))
                / Math.min(models.sizes().fisher(), sample.trainingTexts());
        return new Pace(trained, squared, scored, written);
    }

    private static double seconds(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) * NANO;
    }
}
