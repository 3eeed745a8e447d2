package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.format.CheckpointFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributedShardsTest {
    @TempDir
    Path folder;

    private void refused(Path path) {
        assertTrue(CheckpointFormats.recognises(path));
        String message = assertThrows(FormatException.class, () -> CheckpointFormats.open(path))
                .getMessage();
        assertEquals(
                "cannot read '" + path
                        + "': unsupported checkpoint of torch.distributed (sharded .distcp files; save with"
                        + " a full state dict (FSDP: FULL_STATE_DICT), or make one file of the optimizer's folder: python"
                        + " -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER optimizer.pt)",
                message);
    }

    @Test
    void shardsTheirFolderAndTheFolderAroundItAreRefusedWithTheWayOut() throws IOException {
        Path optimizer = Files.createDirectories(folder.resolve("checkpoint-10/optimizer_0"));
        Files.write(optimizer.resolve(".metadata"), new byte[] {(byte) 0x80, 2, '.'});
        Path shard = Files.write(optimizer.resolve("__0_0.distcp"), new byte[100]);
        refused(shard);
        refused(optimizer);
        refused(optimizer.getParent());
    }

    @Test
    void aFullOptimizerBesideShardedWeightsIsRead() throws IOException {
        Path model = Files.createDirectories(folder.resolve("pytorch_model_fsdp_0"));
        Files.write(model.resolve("__0_0.distcp"), new byte[100]);
        Files.copy(Path.of("src/test/resources/pytorch/fsdp.pt"), folder.resolve("optimizer.bin"));
        assertFalse(DistributedShards.recognises(folder));
        try (var checkpoint = CheckpointFormats.open(folder)) {
            assertTrue(checkpoint.optimizer().isNamed());
        }
    }
}
