package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Keras 3.15 and TensorFlow 2.21 wrote: see {@code src/test/scripts/write_keras3_files.py}. */
class Keras3FilesTest {
    private static final Path FILES = Path.of("src/test/resources/keras3");

    /**
     * Layers of one shape whose names sort against their order; a loss that is scaled, whose own step stays at 0; Nadam's product
     * behind its slots; gradients summed in variables that are called as Adagrad's squares are;
     * an optimizer that the program does not call one.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nested.keras",
                "nadam.keras",
                "ftrl.keras",
                "lamb.weights.h5",
                "frozen.h5",
                "lossscale.ckpt",
                "summed.ckpt",
                "renamed.ckpt"
            })
    void everyAccumulatorGetsItsParametersName(String file) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(file);
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(expected.get("optimizer").getAsString(), state.facts().getOptimizer());
            JsonElement step = expected.get("step");
            assertEquals(!step.isJsonNull(), state.facts().hasStep());
            assertEquals(step.isJsonNull() ? 0 : step.getAsLong(), state.facts().getStep());
            JsonElement decay = expected.get("decay");
            assertEquals(!decay.isJsonNull(), state.facts().hasDecay());
            if (state.facts().hasDecay()) {
                assertEquals(decay.getAsDouble(), state.facts().getDecay());
            }
            List<Pairing> pairings = Naming.of(state, checkpoint.weights().map(Parameters::of), false);
            CheckpointValues.values(pairings, expected);
            WeightSource weights = checkpoint.weights().orElseThrow();
            for (Pairing pairing : pairings) {
                assertTrue(weights.names().contains(pairing.parameter()), pairing.parameter());
            }
        }
    }

    @Test
    void whatIsNotTrainedIsNoParameter() {
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve("nested.keras"))) {
            WeightSource weights = checkpoint.weights().orElseThrow();
            assertEquals(Role.STATISTIC, weights.role("inner/z/kernel"));
            assertEquals(Role.PARAMETER, weights.role("inner/y/kernel"));
            assertEquals(Role.PARAMETER, weights.role("attention/query/kernel"));
        }
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve("ftrl.keras"))) {
            WeightSource weights = checkpoint.weights().orElseThrow();
            assertEquals(Role.PARAMETER, weights.role("batch_normalization/beta"));
            assertEquals(Role.STATISTIC, weights.role("batch_normalization/moving_mean"));
        }
    }
}
