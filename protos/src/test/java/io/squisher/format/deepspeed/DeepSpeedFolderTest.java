package io.squisher.format.deepspeed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.files.FormatException;
import io.squisher.format.CheckpointFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that PyTorch wrote in DeepSpeed's layout, three ranks: see {@code src/test/scripts/write_torch_files.py}. */
class DeepSpeedFolderTest {
    private static final Path FILES = Path.of("src/test/resources/pytorch");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"zero2", "zero3", "universal"})
    void piecesArePutTogether(String name) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(name);
        Map<String, JsonElement> values = expected.getAsJsonObject("values").asMap();
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(name))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(3, state.facts().getStep());
            assertEquals(0.98, state.facts().getDecay());
            Map<String, Slot> slots = state.slots().stream()
                    .collect(Collectors.toMap(slot -> slot.name().orElseThrow(), slot -> slot));
            assertEquals(new TreeSet<>(values.keySet()), new TreeSet<>(slots.keySet()));
            values.forEach((parameter, array) -> assertArrayEquals(
                    StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
                            .mapToDouble(JsonElement::getAsDouble)
                            .toArray(),
                    slots.get(parameter).accumulator().orElseThrow().toDoubles(),
                    parameter));
        }
    }

    @Test
    void aMissingRankIsRefused() throws IOException {
        Path step = FILES.resolve("zero2/global_step3");
        for (Path file : DeepSpeedFolder.list(step)) {
            if (!file.getFileName().toString().startsWith("zero_pp_rank_1_")) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Exception e = assertThrows(FormatException.class, () -> DeepSpeedFolder.open(folder));
        assertTrue(e.getMessage().contains("the files of 2 ranks are here, 3 are needed"), e.getMessage());
    }

    @Test
    void aTagThatLeadsOutOfTheFolderIsNotFollowed() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.writeString(inner.resolve("latest"), "../../" + FILES.resolve("zero2/global_step3"));
        assertTrue(!DeepSpeedFolder.recognises(inner));
    }
}
