package io.squisher.format.flax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States that Flax 0.12 and optax 0.2 wrote: see {@code src/test/scripts/write_flax_files.py}. */
class FlaxFilesTest {
    private static final Path FILES = Path.of("src/test/resources/flax");
    private static final Set<String> NAMES =
            Set.of("BatchNorm_0/bias", "BatchNorm_0/scale", "hidden/bias", "hidden/kernel", "out/bias", "out/kernel");

    /** States in chains, schedules, hyperparameters, accumulated batches and parts; arrays in chunks; bfloat16. */
    @ParameterizedTest
    @CsvSource({
        "adam, Adam-like, 3",
        "opt_state, Adam-like, 3",
        "chain, Adam-like, 3",
        "accumulated, Adam-like, 3",
        "hyperparameters, Adam-like, 3",
        "parts, Adam-like, 3",
        "bfloat16, Adam-like, 3",
        "chunks, Adam-like, 3",
        "amsgrad, AMSGrad, 3",
        "rmsprop, RMSprop, 0",
        "adagrad, Adagrad, 0",
        "adadelta, Adadelta, 0"
    })
    void everyAccumulatorHasItsName(String name, String optimizer, long step) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(name);
        assertFalse(expected.keySet().isEmpty());
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(name + ".msgpack"))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(optimizer, state.facts().getOptimizer());
            assertEquals(step, state.facts().getStep());
            assertEquals(
                    name.equals("hyperparameters") ? 0.95 : 0, state.facts().getDecay());
            Set<String> seen = new TreeSet<>();
            for (Slot slot : state.slots()) {
                String parameter = slot.name().orElseThrow();
                double[] values = StreamSupport.stream(
                                expected.getAsJsonArray(parameter).spliterator(), false)
                        .mapToDouble(JsonElement::getAsDouble)
                        .toArray();
                assertArrayEquals(values, slot.accumulator().orElseThrow().toDoubles());
                seen.add(parameter);
            }
            assertEquals(expected.keySet(), seen);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "novograd, one number for each layer",
        "lion, it is of Lion",
        "sgd, it is of Momentum",
        "adafactor, it is of Adafactor",
        "params, no state of an optimizer"
    })
    void statesWithoutSquaresAreRefusedByName(String name, String why) {
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(name + ".msgpack"))) {
            String message =
                    assertThrows(SquisherException.class, checkpoint::optimizer).getMessage();
            assertTrue(message.contains(why), message);
        }
    }

    @Test
    void parametersAndMeasuredValuesAreToldApart() {
        try (WeightSource state = WeightFormats.open(FILES.resolve("adam.msgpack"));
                WeightSource chunks = WeightFormats.open(FILES.resolve("chunks.msgpack"));
                WeightSource alone = WeightFormats.open(FILES.resolve("params.msgpack"))) {
            assertEquals(NAMES, alone.names());
            for (String name : NAMES) {
                assertEquals(Role.PARAMETER, state.role(name));
                assertArrayEquals(
                        alone.tensor(name).toFloats(), state.tensor(name).toFloats());
                assertArrayEquals(
                        alone.tensor(name).toFloats(), chunks.tensor(name).toFloats());
            }
            assertEquals(Role.STATISTIC, state.role("batch_stats/BatchNorm_0/mean"));
            assertEquals(NAMES.size() + 2, state.names().size());
        }
    }

    @Test
    void otherStatesWithTheSameFieldsAreSaid() {
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve("adam.msgpack"))) {
            assertTrue(checkpoint.optimizer().notes().stream()
                    .anyMatch(note -> note.contains("AdaBelief, Adamax and Yogi")));
        }
    }

    @Test
    void foldersOfOrbaxSayTheWayOut(@TempDir Path folder) throws IOException {
        Path step = Files.createDirectories(folder.resolve("3").resolve("default"));
        Files.writeString(step.resolve("manifest.ocdbt"), "");
        for (Path path : Set.of(folder, step)) {
            String message = assertThrows(SquisherException.class, () -> CheckpointFormats.open(path))
                    .getMessage();
            assertTrue(message.contains("flax.serialization.to_bytes"), message);
            assertEquals(
                    message,
                    assertThrows(SquisherException.class, () -> WeightFormats.open(path))
                            .getMessage());
        }
    }
}
