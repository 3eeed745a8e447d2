package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bare weights that Keras 3.15 wrote, without settings: see {@code src/test/scripts/write_keras_bare_files.py}. */
class KerasBareFilesTest {
    private static final Path FILES = Path.of("src/test/resources/keras_bare");

    /** Averages or summed gradients before the squares; RMSprop with momenta and means behind them. */
    @ParameterizedTest
    @ValueSource(strings = {"ema.weights.h5", "acc.weights.h5", "rms.weights.h5", "rmsc.weights.h5", "rmse.weights.h5"})
    void signsTellTheSquares(String file) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(file);
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            assertEquals(
                    file.startsWith("rms") ? "RMSprop" : "Adam",
                    checkpoint.optimizer().facts().getOptimizer());
            CheckpointValues.values(
                    Naming.of(checkpoint.optimizer(), checkpoint.weights().map(Parameters::of), false), expected);
        }
    }
}
