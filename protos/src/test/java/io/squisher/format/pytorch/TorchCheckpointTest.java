package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.squisher.SquisherException;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
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

    private static double[] doubles(JsonElement array) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
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
        JsonObject expected = expected(name);
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve(name + ".pt"))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(expected.get("kind").getAsString(), state.facts().getOptimizer());
            assertEquals(expected.get("slot").getAsString(), state.facts().getSlot());
            assertEquals(expected.get("step").getAsLong(), state.facts().getStep());
            assertEquals(expected.has("decay"), state.facts().hasDecay());
            if (expected.has("decay")) {
                assertEquals(expected.get("decay").getAsDouble(), state.facts().getDecay());
            }
            Optional<Parameters> model = checkpoint.weights().map(Parameters::of);
            List<Pairing> pairings = Naming.of(state, model, false);
            Map<String, JsonElement> values = expected.getAsJsonObject("values").asMap();
            assertEquals(
                    new TreeSet<>(values.keySet()),
                    new TreeSet<>(pairings.stream().map(Pairing::parameter).toList()));
            for (Pairing pairing : pairings) {
                assertArrayEquals(
                        doubles(values.get(pairing.parameter())),
                        pairing.slot().accumulator().orElseThrow().toDoubles(),
                        pairing.parameter());
            }
        }
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
        assertRefused("adamax", "it is of Adamax, whose 'exp_inf' is a maximum of gradients");
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
            values.forEach((key, value) ->
                    assertArrayEquals(doubles(value), weights.tensor(key).toDoubles(), key));
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
