package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Optimizer;
import io.squisher.onnx.training.optimizer.RmsProp;
import io.squisher.onnx.training.optimizer.Schedule;
import io.squisher.onnx.training.optimizer.Sgd;
import io.squisher.onnx.training.penalty.Penalty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that is stopped anywhere and goes on gives the bits of one that was not. */
class ResumeTest {
    private static final int EPOCHS = 3;

    @TempDir
    private Path folder;

    private static Stream<Arguments> trainings() {
        return Stream.of(
                Arguments.of("mlp", Adam.of(1e-2), plain()),
                Arguments.of("mlp", new Sgd(0.05, 0.9, true), (UnaryOperator<OnnxTrainer>)
                        trainer -> trainer.penalty(Penalty.anchor(0.1)).accumulate(2)),
                Arguments.of("cnn", AdamW.of(1e-2), (UnaryOperator<OnnxTrainer>)
                        trainer -> trainer.trainMode().decay(0.1).schedule(new Schedule.Cosine(0.2))),
                Arguments.of("transformer", new RmsProp(1e-3, 0.9, 1e-8, 0.5), (UnaryOperator<OnnxTrainer>)
                        trainer -> trainer.clip(0.5)));
    }

    private static UnaryOperator<OnnxTrainer> plain() {
        return trainer -> trainer;
    }

    private OnnxTrainer trainer(String model, Optimizer optimizer, UnaryOperator<OnnxTrainer> settings) {
        return settings.apply(References.trainer(folder, model)
                .validation(References.data(folder, model))
                .batchSize(8)
                .epochs(EPOCHS)
                .optimizer(optimizer));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void aTrainingThatGoesOnHasTheSameBits(String model, Optimizer optimizer, UnaryOperator<OnnxTrainer> settings)
            throws IOException {
        TrainingResult whole = trainer(model, optimizer, settings).train(folder.resolve("whole.onnx"));
        for (int stop : new int[] {1, 2, 4}) {
            Path kept = folder.resolve("stop-" + stop);
            assertThrows(Stop.class, () -> trainer(model, optimizer, settings)
                    .checkpoints(kept, Retention.last(2))
                    .checkpointEvery(1)
                    .listener(stopAfter(stop))
                    .train(folder.resolve("stopped.onnx")));
            TrainingResult resumed = trainer(model, optimizer, settings)
                    .checkpoints(kept, Retention.last(2))
                    .resume()
                    .train(folder.resolve("resumed.onnx"));
            assertArrayEquals(Files.readAllBytes(whole.model()), Files.readAllBytes(resumed.model()), "stop " + stop);
            assertEquals(tensors(whole.squisher()), tensors(resumed.squisher()), "stop " + stop);
            assertEquals(scores(whole), scores(resumed));
        }
    }

    /** Ends a training as an error of its caller would. */
    private static final class Stop extends SquisherException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super("stopped");
        }
    }

    /** After the checkpoint of a step. */
    private static TrainingListener stopAfter(int saves) {
        int[] left = {saves};
        return new TrainingListener() {
            @Override
            public void saved(Path model) {
                if (--left[0] == 0) {
                    throw new Stop();
                }
            }
        };
    }

    private static List<EpochReport.Score> scores(TrainingResult result) {
        return result.history().stream()
                .flatMap(report ->
                        Stream.of(report.training(), report.validation().orElseThrow()))
                .toList();
    }

    private static List<String> tensors(Path squisher) {
        return References.texts(squisher);
    }

    @Test
    void anotherTrainingIsRefused() {
        Path kept = folder.resolve("kept");
        trainer("mlp", Adam.of(1e-2), plain())
                .checkpoints(kept, Retention.last(1))
                .train(folder.resolve("a.onnx"));
        SquisherException refused = assertThrows(SquisherException.class, () -> trainer("mlp", Adam.of(1e-3), plain())
                .checkpoints(kept, Retention.last(1))
                .resume()
                .train(folder.resolve("b.onnx")));
        assertTrue(
                refused.getMessage().contains("its training had the optimizer Adam(learning rate 0.01"),
                refused.getMessage());
        assertTrue(refused.getMessage().contains("this one has Adam(learning rate 0.001"), refused.getMessage());
        SquisherException taken = assertThrows(SquisherException.class, () -> trainer("mlp", Adam.of(1e-2), plain())
                .checkpoints(kept, Retention.last(1))
                .train(folder.resolve("b.onnx")));
        assertTrue(taken.getMessage().contains("has checkpoints of a training"), taken.getMessage());
    }

    @Test
    void keepsTheLastAndTheBest() throws IOException {
        Path kept = folder.resolve("kept");
        trainer("mlp", Adam.of(1e-2), plain())
                .epochs(6)
                .checkpoints(kept, Retention.last(2).andLowest(1))
                .train(folder.resolve("a.onnx"));
        try (Stream<Path> files = Files.list(kept)) {
            List<String> models = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".onnx"))
                    .sorted()
                    .toList();
            assertTrue(models.containsAll(List.of("ckpt-25.onnx", "ckpt-30.onnx")), models.toString());
            assertTrue(models.size() <= 3, models.toString());
        }
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws IOException {
        Path kept = folder.resolve("kept");
        trainer("mlp", Adam.of(1e-2), plain())
                .checkpoints(kept, Retention.last(3))
                .train(folder.resolve("a.onnx"));
        Path newest = kept.resolve("ckpt-15.training.safetensors");
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length - 1] ^= 1;
        Files.write(newest, bytes);
        long[] from = {-1};
        trainer("mlp", Adam.of(1e-2), plain())
                .checkpoints(kept, Retention.last(3))
                .resume()
                .listener(new TrainingListener() {
                    @Override
                    public void started(TrainingFacts facts) {
                        from[0] = facts.stepsDone();
                    }
                })
                .train(folder.resolve("b.onnx"));
        assertEquals(10, from[0]);
        assertArrayEquals(Files.readAllBytes(folder.resolve("a.onnx")), Files.readAllBytes(folder.resolve("b.onnx")));
    }
}
