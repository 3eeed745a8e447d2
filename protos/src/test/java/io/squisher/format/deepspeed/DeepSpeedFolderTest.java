package io.squisher.format.deepspeed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        CheckpointValues.check(CheckpointFormats.open(FILES.resolve(name)), expected);
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
    void aDamagedRankIsNamed() throws IOException {
        for (Path file : DeepSpeedFolder.list(FILES.resolve("zero2/global_step3"))) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
        Path rank = folder.resolve("zero_pp_rank_1_mp_rank_00_optim_states.pt");
        byte[] bytes = Files.readAllBytes(rank);
        Files.write(rank, Arrays.copyOf(bytes, bytes.length - 1));
        Exception e = assertThrows(FormatException.class, () -> CheckpointFormats.open(folder));
        assertEquals(
                "cannot read '" + rank + "': bad zip archive (the directory at the archive's end is missing; it was not"
                        + " downloaded or written to its end, so fetch it again)",
                e.getMessage());
        Files.delete(folder.resolve("mp_rank_00_model_states.pt"));
        Files.write(rank, bytes);
        e = assertThrows(FormatException.class, () -> CheckpointFormats.open(folder));
        assertTrue(e.getMessage().contains("no file of model states with param_shapes"), e.getMessage());
    }

    @Test
    void aTagThatLeadsOutOfTheFolderIsNotFollowed() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.writeString(inner.resolve("latest"), "../../" + FILES.resolve("zero2/global_step3"));
        assertTrue(!DeepSpeedFolder.recognises(inner));
    }
}
