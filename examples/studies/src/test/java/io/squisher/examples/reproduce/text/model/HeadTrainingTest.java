package io.squisher.examples.reproduce.text.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.study.TextStudy;
import io.squisher.examples.reproduce.text.study.TinyStudy;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.Pooling;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadTrainingTest {
    /** Sums of float32 in another order. */
    private static final float CLOSE = 2e-5f;

    @TempDir
    Path folder;

    private TextModels models;
    private TaskSample sample;

    @BeforeEach
    void draw() throws IOException {
        TextStudy study = TinyStudy.in(folder);
        models = study.models();
        sample = models.sample(study.tasks().get(0), 1);
    }

    @Test
    void itTrainsWhatTheTrainerDoesWhereAllElseIsFrozen() {
        Path probe = models.probe(sample.task(), 1);
        Path expected = folder.resolve("expected.onnx");
        OnnxTrainer.of(models.encoder().model())
                .seed(1)
                .output(models.encoder().output())
                .head(2, Pooling.MEAN)
                .examples(sample.training())
                .freeze("^(?!head\\.)")
                .optimizer(AdamW.of(1e-2))
                .batchSize(16)
                .epochs(TextModels.HEAD_EPOCHS)
                .train(expected);
        try (OpenFiles files = new OpenFiles()) {
            WeightSource trained = files.weights(expected);
            WeightSource found = files.weights(probe);
            assertEquals(Set.copyOf(trained.names()), Set.copyOf(found.names()));
            for (String name : trained.names()) {
                assertArrayEquals(
                        trained.tensor(name).toFloats(), found.tensor(name).toFloats(), CLOSE, name);
            }
        }
        assertEquals(models.accuracy(expected, sample.test()), models.accuracy(probe, sample.test()));
    }

    @Test
    void aTrainedModelGetsAnotherHead() {
        Path tuned = models.tuned(sample.task(), 1).model();
        Path target = folder.resolve("again.onnx");
        models.withHead(tuned, sample, 2, target);
        try (OpenFiles files = new OpenFiles()) {
            WeightSource before = files.weights(tuned);
            WeightSource after = files.weights(target);
            for (String name : Bodies.names(before)) {
                assertArrayEquals(
                        before.tensor(name).toFloats(), after.tensor(name).toFloats(), name);
            }
            float[] head = after.tensor("head.weight").toFloats();
            assertFalse(java.util.Arrays.equals(before.tensor("head.weight").toFloats(), head));
        }
        assertFalse(Files.exists(folder.resolve("again.onnx.head")));
    }
}
