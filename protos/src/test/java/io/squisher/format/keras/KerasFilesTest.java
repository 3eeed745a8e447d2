package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
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

    /** Two kernels of one shape, and nothing that says which layer comes first. */
    @Test
    void bareWeightsOfEqualShapesAreRefused() {
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve("adam.weights.h5"))) {
            OptimizerState state = checkpoint.optimizer();
            Parameters model = checkpoint.weights().map(Parameters::of).orElseThrow();
            assertFalse(model.inOrder());
            Exception e =
                    assertThrows(SquisherException.class, () -> Naming.of(state, java.util.Optional.of(model), false));
            assertTrue(e.getMessage().contains("several parameters share a shape"), e.getMessage());
        }
    }
}
