package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Pace;
import io.squisher.examples.statistics.Sample;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.training.StepReport;
import io.squisher.onnx.training.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures how fast the encoder is trained here, some seconds long. */
public final class PaceMeter {
    private static final double NANO = 1e-9;
    private static final int TEXTS = 64;
    private static final int EPOCHS = 4;
    private static final long SEED = 0;

    /** Seconds that loading and writing a model take at least. */
    private static final double LEAST = 0.1;

    /** Notes when steps end; on a busy machine some take many times as long as others. */
    private static final class StepClock implements TrainingListener {
        private final List<Long> ends = new ArrayList<>();

        @Override
        public void stepped(StepReport report) {
            ends.add(System.nanoTime());
        }

        /** Seconds of a step, in the middle. */
        double median() {
            List<Double> steps = new ArrayList<>();
            for (int i = 1; i < ends.size(); i++) {
                steps.add((ends.get(i) - ends.get(i - 1)) * NANO);
            }
            return Sample.of(steps).median();
        }
    }

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
        Path tuned = folder.resolve("tuned.onnx");
        StepClock clock = new StepClock();
        FineTuning training = FineTuning.USUAL.withEpochs(EPOCHS);
        double all = seconds(() -> models.tune(models.trainer(head, SEED).listener(clock), texts, training, tuned));
        double trained = clock.median() / training.batch();
        double written = Math.max(LEAST, all - trained * count * EPOCHS) / 2;
        double scored = seconds(() -> models.accuracy(tuned, texts)) / count;
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
