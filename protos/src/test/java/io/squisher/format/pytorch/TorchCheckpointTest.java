package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Parameters;
import io.squisher.checkpoint.Slot;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                "legacy",
                "unread",
                "unread_legacy"
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

    /** {@code torch.save(model)}: the module's own classes are not here, its tensors are. */
    @ParameterizedTest
    @ValueSource(strings = {"whole", "whole_legacy"})
    void wholeModulesHaveTheTensorsOfTheirStateDict(String name) throws IOException {
        JsonObject expected = expected(name);
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve(name + ".pt"))) {
            WeightSource weights = checkpoint.weights().orElseThrow();
            Map<String, JsonElement> state = expected.getAsJsonObject("state").asMap();
            assertEquals(List.copyOf(state.keySet()), List.copyOf(weights.names()));
            state.forEach((key, value) -> assertArrayEquals(
                    CheckpointValues.doubles(value), weights.tensor(key).toDoubles(), key));
            List<String> parameters = expected.getAsJsonArray("parameters").asList().stream()
                    .map(JsonElement::getAsString)
                    .toList();
            assertEquals(
                    parameters, List.copyOf(Parameters.of(weights).tensors().keySet()));
            assertEquals(Role.CONSTANT, weights.role("mask"));
            assertEquals(Role.STATISTIC, weights.role("batch.running_mean"));
            assertEquals(Map.of("inner.tied.weight", "head.weight", "inner.tied.bias", "head.bias"), weights.aliases());
            assertEquals(parameters.size(), checkpoint.optimizer().slots().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unread", "unread_legacy"})
    void tensorsOfOtherElementsAreLeftOutByName(String name) {
        try (WeightSource weights = new TorchFormat().open(FILES.resolve(name + ".pt"))) {
            assertEquals(8, weights.names().size());
            assertEquals(
                    Map.of(
                            "frequencies", "torch.ComplexFloatStorage",
                            "codes", "torch._utils._rebuild_qtensor",
                            "sparse", "torch._utils._rebuild_sparse_tensor"),
                    weights.unread());
        }
    }

    @Test
    void theOptimizerItselfIsRefusedByItsClass() {
        assertRefused(
                "optimizer_object",
                "it holds the optimizer itself, an object of 'torch.optim.adam.Adam', whose code is not run; save"
                        + " optimizer.state_dict() instead");
    }

    /** Lightning's {@code save_hyperparameters()} keeps classes, functions and modules. */
    @Test
    void classesInHyperParametersAreOfNoInterest() {
        try (TorchCheckpoint classes = TorchCheckpoint.open(FILES.resolve("field/pl_class.ckpt"));
                TorchCheckpoint plain = TorchCheckpoint.open(FILES.resolve("field/pl_plain.ckpt"))) {
            assertEquals(
                    List.of("net.fc1.weight", "net.fc1.bias", "net.fc2.weight", "net.fc2.bias"),
                    List.copyOf(classes.weights().orElseThrow().names()));
            List<Slot> slots = classes.optimizer().slots();
            for (int i = 0; i < slots.size(); i++) {
                assertArrayEquals(
                        plain.optimizer()
                                .slots()
                                .get(i)
                                .accumulator()
                                .orElseThrow()
                                .toDoubles(),
                        slots.get(i).accumulator().orElseThrow().toDoubles());
            }
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
