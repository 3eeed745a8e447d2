package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that h5py wrote in Keras's layouts: see {@code src/test/scripts/write_keras_files.py}. */
class KerasFilesTest {
    private static final Path FILES = Path.of("src/test/resources/keras");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.keras",
                "apart.keras",
                "ema.keras",
                "schedule.keras",
                "accumulation.keras",
                "amsgrad.keras",
                "everything.keras",
                "rmsprop.keras",
                "centered.keras",
                "adagrad.keras",
                "adadelta.keras",
                "legacy.h5",
                "training.h5",
                "legacy211.h5"
            })
    void everyAccumulatorGetsItsParametersName(String file) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(file.substring(0, file.indexOf('.')));
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(expected.get("optimizer").getAsString(), state.facts().getOptimizer());
            assertEquals(expected.get("step").getAsLong(), state.facts().getStep());
            assertEquals(!expected.get("decay").isJsonNull(), state.facts().hasDecay());
            if (state.facts().hasDecay()) {
                assertEquals(expected.get("decay").getAsDouble(), state.facts().getDecay());
            }
            CheckpointValues.values(Naming.of(state, checkpoint.weights().map(Parameters::of), false), expected);
        }
    }

    @Test
    void statisticsOfNormalizationAreNoParameters() {
        for (String file : List.of("plain.keras", "legacy.h5")) {
            try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
                WeightSource weights = checkpoint.weights().orElseThrow();
                assertEquals(Role.STATISTIC, weights.role("norm/moving_mean"));
                assertEquals(Role.PARAMETER, weights.role("norm/gamma"));
            }
        }
    }

    /** Two kernels of one shape, of layers whose numbers say which comes first. */
    @Test
    void numbersOrderBareWeightsOfEqualShapes() throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject("adam")
                .getAsJsonObject("values");
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve("adam.weights.h5"))) {
            List<Pairing> pairings =
                    Naming.of(checkpoint.optimizer(), checkpoint.weights().map(Parameters::of), false);
            assertEquals(
                    expected.asMap().values().stream()
                            .map(values -> values.getAsJsonArray().get(0).getAsFloat())
                            .toList(),
                    pairings.stream()
                            .map(pairing ->
                                    pairing.slot().accumulator().orElseThrow().toFloats()[0])
                            .toList());
        }
    }
}
