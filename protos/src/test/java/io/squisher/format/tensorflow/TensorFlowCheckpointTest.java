package io.squisher.format.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.SourceFiles;
import io.squisher.format.WeightFormats;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as TensorFlow Java and TensorFlow 1 give them; object-based checkpoints are tested on one from the wild. */
class TensorFlowCheckpointTest {
    private static final Tensor WEIGHT = Tensor.of(Shape.of(2), 1f, 2f);
    private static final Tensor SQUARES = Tensor.of(Shape.of(2), 3f, 4f);

    @TempDir
    Path folder;

    private TensorFlowCheckpoint checkpoint(Map<String, Tensor> tensors) {
        Path prefix = folder.resolve("m.ckpt");
        BundleWriter.write(prefix, new TreeMap<>(tensors));
        return TensorFlowCheckpoint.open(prefix);
    }

    private static float power(double beta, int steps) {
        float power = (float) beta;
        for (int i = 0; i < steps; i++) {
            power *= (float) beta;
        }
        return power;
    }

    /** TensorFlow 1 calls slots as the program calls its optimizer. */
    @Test
    void adamOfAnotherName() {
        try (TensorFlowCheckpoint checkpoint = checkpoint(Map.of(
                "net/w",
                WEIGHT,
                "net/w/MyAdam",
                WEIGHT,
                "net/w/MyAdam_1",
                SQUARES,
                "beta2_power",
                Tensor.of(Shape.of(), power(0.999, 5))))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals("Adam", state.facts().getOptimizer());
            assertEquals(5, state.facts().getStep());
            assertEquals("net/w", state.slots().get(0).name().orElseThrow());
            assertArrayEquals(
                    SQUARES.toFloats(),
                    state.slots().get(0).accumulator().orElseThrow().toFloats());
        }
    }

    /** The first that is found would be as good as any: one of them is silently wrong. */
    @Test
    void severalOptimizersAreRefused() {
        Tensor early = Tensor.of(Shape.of(), power(0.999, 5));
        Tensor late = Tensor.of(Shape.of(), power(0.999, 9));
        assertSeveral(
                Map.of("w", WEIGHT, "w-m", WEIGHT, "w-v", SQUARES, "w-accumulator", SQUARES, "beta2_power", early),
                "Adam ('-v'), AdaGrad ('-accumulator')");
        assertSeveral(
                Map.of("a", WEIGHT, "a-m", WEIGHT, "a-v", SQUARES, "b", WEIGHT, "b-rms", SQUARES, "beta2_power", early),
                "Adam ('-v'), RMSProp ('-rms')");
        assertSeveral(
                Map.of("w", WEIGHT, "w-m", WEIGHT, "w-v", SQUARES, "w-v_1", SQUARES, "beta2_power", early),
                "Adam twice over 'w' ('w-v' and 'w-v_1')");
        assertSeveral(
                Map.of(
                        "w",
                        WEIGHT,
                        "w/Adam",
                        WEIGHT,
                        "w/Adam_1",
                        SQUARES,
                        "w/Adam_2",
                        WEIGHT,
                        "w/Adam_3",
                        SQUARES,
                        "beta2_power",
                        early),
                "Adam twice over 'w' ('w/Adam_1' and 'w/Adam_2')");
        assertSeveral(
                Map.of("w", WEIGHT, "w-m", WEIGHT, "w-v", SQUARES, "beta2_power", early, "beta2_power_1", late),
                "since beta2_power, beta2_power_1 differ");
    }

    private void assertSeveral(Map<String, Tensor> variables, String words) {
        try (TensorFlowCheckpoint checkpoint = checkpoint(variables)) {
            String message =
                    assertThrows(SquisherException.class, checkpoint::optimizer).getMessage();
            assertTrue(message.contains("several optimizers, " + words), message);
        }
    }

    @Test
    void aFolderStandsForItsLatestCheckpoint() throws IOException {
        checkpoint(Map.of("w", WEIGHT)).close();
        Files.writeString(
                folder.resolve("checkpoint"),
                "model_checkpoint_path: \"/elsewhere/m.ckpt\"\nall_model_checkpoint_paths: \"other\"\n");
        assertTrue(TensorFlowCheckpoint.recognises(folder));
        try (TensorFlowCheckpoint checkpoint = TensorFlowCheckpoint.open(folder)) {
            assertEquals(Set.of("w"), checkpoint.weights().orElseThrow().names());
        }
        Files.writeString(folder.resolve("checkpoint"), "model_checkpoint_path: \"gone\"\n");
        assertRefused(
                "its state file calls 'gone.index' the latest, which is not there; give the checkpoint's prefix: ");
    }

    private void assertRefused(String words) {
        assertTrue(TensorFlowCheckpoint.recognises(folder));
        String message = assertThrows(SquisherException.class, () -> TensorFlowCheckpoint.open(folder))
                .getMessage();
        assertTrue(message.contains(words + folder.resolve("m.ckpt")), message);
    }

    /** Copied, downloaded, or kept out of a repository: the state file is often missing. */
    @Test
    void withoutStateFileTheOnlyCheckpointIsTaken() throws IOException {
        checkpoint(Map.of("w", WEIGHT)).close();
        Files.writeString(folder.resolve("notes.index"), "no checkpoint: it has no data");
        Files.writeString(folder.resolve("m.ckpt.meta"), "a graph");
        for (String name : List.of("", "m.ckpt", "m.ckpt.index", "m.ckpt.data-00000-of-00001", "m.ckpt.meta")) {
            Path path = name.isEmpty() ? folder : folder.resolve(name);
            try (Checkpoint checkpoint = CheckpointFormats.open(path)) {
                assertEquals(Set.of("w"), checkpoint.weights().orElseThrow().names());
            }
        }
        for (String name : List.of("m.ckpt.index", "m.ckpt.data-00000-of-00001", "m.ckpt.meta")) {
            try (WeightSource weights = WeightFormats.open(folder.resolve(name))) {
                assertEquals(Set.of("w"), weights.names());
            }
        }
        assertEquals(
                Set.of("m.ckpt.meta", "m.ckpt.index", "m.ckpt.data-00000-of-00001"),
                SourceFiles.of(folder.resolve("m.ckpt.meta")).stream()
                        .map(file -> file.getFileName().toString())
                        .collect(Collectors.toSet()));
        BundleWriter.write(folder.resolve("n.ckpt"), Map.of("w", WEIGHT));
        assertRefused("it holds 2 checkpoints and no state file that says which is the latest; give the checkpoint's"
                + " prefix: ");
    }

    @Test
    void aPartWithoutItsIndexIsNamed() throws IOException {
        Path part = Files.write(folder.resolve("m.ckpt.data-00000-of-00001"), new byte[] {1, -2, 3, -4});
        assertFalse(TensorFlowCheckpoint.recognises(folder));
        String message = assertThrows(SquisherException.class, () -> CheckpointFormats.open(part))
                .getMessage();
        assertTrue(message.contains("whose index 'm.ckpt.index' is not beside it"), message);
    }

    @Test
    void adamOfTensorFlowJava() {
        try (TensorFlowCheckpoint checkpoint = checkpoint(Map.of(
                "w",
                WEIGHT,
                "w-m",
                WEIGHT,
                "w-v",
                SQUARES,
                "beta1_power",
                Tensor.of(Shape.of(), 0f),
                "beta2_power",
                Tensor.of(Shape.of(), power(0.999, 1234))))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals("Adam", state.facts().getOptimizer());
            assertEquals(1234, state.facts().getStep());
            assertEquals(0.999, state.facts().getDecay());
            assertEquals("w", state.slots().get(0).name().orElseThrow());
            assertArrayEquals(
                    new float[] {3, 4},
                    state.slots().get(0).accumulator().orElseThrow().toFloats());
            assertEquals(Set.of("w"), checkpoint.weights().orElseThrow().names());
        }
    }

    @Test
    void adamOfTensorFlow1() {
        try (TensorFlowCheckpoint checkpoint = checkpoint(Map.of(
                "d/w",
                WEIGHT,
                "d/w/Adam",
                WEIGHT,
                "d/w/Adam_1",
                SQUARES,
                "global_step",
                Tensor.of(Shape.of(), 9L),
                "beta2_power",
                Tensor.of(Shape.of(), power(0.98, 9))))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(9, state.facts().getStep());
            assertEquals(0.98, state.facts().getDecay());
            assertEquals("d/w", state.slots().get(0).name().orElseThrow());
            assertEquals(Set.of("d/w"), checkpoint.weights().orElseThrow().names());
        }
    }

    /** BERT's own optimizer keeps no powers; its program counts the steps. */
    @Test
    void adamWeightDecayOfBert() {
        try (TensorFlowCheckpoint checkpoint = checkpoint(Map.of(
                "bert/kernel",
                WEIGHT,
                "bert/kernel/adam_m",
                WEIGHT,
                "bert/kernel/adam_v",
                SQUARES,
                "global_step",
                Tensor.of(Shape.of(), 1_000_000L)))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals("AdamWeightDecay", state.facts().getOptimizer());
            assertEquals(1_000_000, state.facts().getStep());
            assertFalse(state.facts().hasDecay());
            assertEquals("bert/kernel", state.slots().get(0).name().orElseThrow());
            assertEquals(
                    Set.of("bert/kernel"), checkpoint.weights().orElseThrow().names());
        }
    }

    /** After very many steps the power is 0, or sticks at the smallest number: 1 − power is 1. */
    @ParameterizedTest
    @ValueSource(floats = {0, 1e-45f, 1e-20f})
    void aPowerThatHasVanishedNeedsNoStep(float power) {
        try (TensorFlowCheckpoint checkpoint = checkpoint(
                Map.of("w", WEIGHT, "w-m", WEIGHT, "w-v", SQUARES, "beta2_power", Tensor.of(Shape.of(), power)))) {
            OptimizerState state = checkpoint.optimizer();
            assertFalse(state.facts().hasStep());
            assertTrue(state.facts().getBiasCorrected());
            assertTrue(
                    state.notes().get(0).contains("nothing to correct"),
                    state.notes().get(0));
        }
    }

    @Test
    void anUnusualPowerLeavesTheStepUnknown() {
        for (Tensor power : List.of(Tensor.of(Shape.of(), 0.5f), Tensor.of(Shape.of(2), 0f, 0f))) {
            try (TensorFlowCheckpoint checkpoint =
                    checkpoint(Map.of("w", WEIGHT, "w-m", WEIGHT, "w-v", SQUARES, "beta2_power", power))) {
                OptimizerState state = checkpoint.optimizer();
                assertFalse(state.facts().hasStep() || state.facts().getBiasCorrected());
                assertTrue(
                        state.notes().get(0).contains("give them with --decay and --step"),
                        state.notes().get(0));
            }
        }
    }

    @Test
    void rmsPropStartsFromOne() {
        try (TensorFlowCheckpoint checkpoint =
                checkpoint(Map.of("w", WEIGHT, "w-rms", SQUARES, "w-momentum", WEIGHT))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals("RMSProp", state.facts().getOptimizer());
            assertEquals(1, state.facts().getInitialValue());
        }
    }

    @Test
    void adamaxAndMomentumAreRefused() {
        try (TensorFlowCheckpoint checkpoint = checkpoint(
                Map.of("w", WEIGHT, "w-m", WEIGHT, "w-v", SQUARES, "beta1_power", Tensor.of(Shape.of(), 0.5f)))) {
            Exception e = assertThrows(SquisherException.class, checkpoint::optimizer);
            assertTrue(e.getMessage().contains("as Adamax has"), e.getMessage());
        }
        try (TensorFlowCheckpoint checkpoint = checkpoint(Map.of("w", WEIGHT, "w-momentum", WEIGHT))) {
            Exception e = assertThrows(SquisherException.class, checkpoint::optimizer);
            assertTrue(e.getMessage().contains("it is of Momentum, which keeps a mean"), e.getMessage());
        }
    }
}
