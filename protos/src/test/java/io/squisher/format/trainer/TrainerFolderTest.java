package io.squisher.format.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A folder that PyTorch wrote in the Trainer's layout: see {@code src/test/scripts/write_torch_files.py}. */
class TrainerFolderTest {
    private static final Path FILES = Path.of("src/test/resources/pytorch");

    @Test
    void theOptimizerIsPairedWithTheWeightsBesideIt() throws IOException {
        Map<String, JsonElement> values = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject("checkpoint-3")
                .getAsJsonObject("values")
                .asMap();
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve("checkpoint-3"))) {
            List<Pairing> pairings =
                    Naming.of(checkpoint.optimizer(), checkpoint.weights().map(Parameters::of), false);
            assertEquals(values.size(), pairings.size());
            for (Pairing pairing : pairings) {
                assertArrayEquals(
                        StreamSupport.stream(
                                        values.get(pairing.parameter())
                                                .getAsJsonArray()
                                                .spliterator(),
                                        false)
                                .mapToDouble(JsonElement::getAsDouble)
                                .toArray(),
                        pairing.slot().accumulator().orElseThrow().toDoubles(),
                        pairing.parameter());
            }
        }
    }

    @Test
    void aFolderWithoutOptimizerIsNone() {
        assertFalse(TrainerFolder.recognises(FILES));
    }
}
