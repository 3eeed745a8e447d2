package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch 1.13 wrote, with what it found in them itself: see {@code src/test/scripts/write_torch_files.py}. */
class TorchCheckpointTest {
    static final Path FILES = Path.of("src/test/resources/pytorch");

    private static JsonObject expected(String name) throws IOException {
        return JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adam",
                "adamw",
                "amsgrad",
                "nadam",
                "radam",
                "rmsprop",
                "adagrad",
                "adadelta",
                "trainer",
                "tied",
                "frozen",
                "bfloat16",
                "legacy"
            })
    void everyAccumulatorGetsItsParametersName(String name) throws IOException {
        CheckpointValues.check(CheckpointFormats.open(FILES.resolve(name + ".pt")), expected(name));
    }

    @Test
    void adagradKeepsASumThatStartedAboveZero() {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve("adagrad.pt"))) {
            OptimizerState state = checkpoint.optimizer();
            assertFalse(state.facts().hasDecay());
            assertEquals(0.1, state.facts().getInitialValue());
        }
    }

    @Test
    void optimizersWithoutSquaresAreRefusedWithTheReason() {
        assertRefused("sgd", "it is of SGD, which keeps no squares of gradients");
        assertRefused("adamax", "it is of Adamax, whose slot is a maximum of gradients");
    }

    @Test
    void severalOptimizersAreRefusedByTheirNames() {
        assertRefused(
                "two_optimizers",
                "it holds the states of 2 optimizers (optimizer_first, optimizer_second), and whose weights are whose");
    }

    @Test
    void frozenParametersAreReported() {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve("frozen.pt"))) {
            assertTrue(checkpoint
                    .optimizer()
                    .notes()
                    .contains("2 of 8 parameters have no accumulator: frozen, or never used"));
        }
    }

    @Test
    void tiedWeightsAreOneParameter() {
        try (WeightSource weights = new TorchFormat().open(FILES.resolve("tied.pt"))) {
            assertEquals(Map.of("decoder.weight", "second.weight"), weights.aliases());
            assertTrue(weights.isInOrder());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"views", "views_legacy", "types"})
    void viewsAndTypesHaveTheValuesThatPyTorchSees(String name) throws IOException {
        try (WeightSource weights = new TorchFormat().open(FILES.resolve(name + ".pt"))) {
            Map<String, JsonElement> values =
                    expected(name).getAsJsonObject("values").asMap();
            assertEquals(values.keySet(), weights.names());
            values.forEach((key, value) -> assertArrayEquals(
                    CheckpointValues.doubles(value), weights.tensor(key).toDoubles(), key));
        }
    }

    private static void assertRefused(String name, String reason) {
        Path path = FILES.resolve(name + ".pt");
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(path)) {
            Exception e = assertThrows(SquisherException.class, checkpoint::optimizer);
            assertTrue(e.getMessage().startsWith("cannot convert '" + path + "': " + reason), e.getMessage());
        }
    }
}
