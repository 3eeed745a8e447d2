package io.squisher.onnx.training;

import io.squisher.checkpoint.folder.Retention;
import io.squisher.onnx.training.optimizer.Adam;
import java.nio.file.Path;

/** A training that saves after every step until it is killed: a process of {@link CrashTest}. */
final class KilledTraining {
    private KilledTraining() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        trainer(folder, 1_000_000)
                .listener(new TrainingListener() {
                    @Override
                    public void started(TrainingFacts facts) {
                        System.out.println("restored " + facts.stepsDone());
                    }

                    @Override
                    public void saved(Path model) {
                        System.out.println("saved " + model.getFileName());
                    }
                })
                .train(folder.resolve("tuned.onnx"));
    }

    static OnnxTrainer trainer(Path folder, int epochs) {
        return References.trainer(folder, "transformer")
                .optimizer(Adam.of(1e-3))
                .epochs(epochs)
                .checkpoints(folder.resolve("kept"), Retention.last(2).andEvery(50))
                .checkpointEvery(1)
                .resume();
    }
}
