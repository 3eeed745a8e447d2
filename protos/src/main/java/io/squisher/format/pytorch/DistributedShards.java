package io.squisher.format.pytorch;

import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Folders of {@code torch.distributed.checkpoint}, as FSDP writes with sharded state: {@code .metadata}, a pickle of classes, and
 * {@code *.distcp} with pieces of tensors. They are not read; PyTorch itself makes one file of them.
 */
public final class DistributedShards {
    private static final String SHARD = ".distcp";

    private DistributedShards() {}

    /** Whether {@code path} is such a folder, one that holds such folders (a Trainer's checkpoint), or one of the shards. */
    public static boolean recognises(Path path) {
        if (Files.isDirectory(path)) {
            return holdsShards(path) || any(path, DistributedShards::holdsShards) && !hasOptimizerFile(path);
        }
        return path.toString().endsWith(SHARD) && Files.exists(path);
    }

    private static boolean holdsShards(Path folder) {
        return Files.isDirectory(folder)
                && any(folder, file -> file.getFileName().toString().endsWith(SHARD));
    }

    private static boolean hasOptimizerFile(Path folder) {
        return Files.exists(folder.resolve("optimizer.pt")) || Files.exists(folder.resolve("optimizer.bin"));
    }

    private static boolean any(Path folder, Predicate<Path> test) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(test);
        } catch (IOException e) {
            return false;
        }
    }

    /** Says what to do instead. */
    public static FormatException refusal(Path path) {
        return FormatException.unsupported(
                path,
                "checkpoint of torch.distributed",
                "sharded .distcp files; save with a full state dict (FSDP: FULL_STATE_DICT), or make one file of the"
                        + " optimizer's folder: python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER"
                        + " optimizer.pt");
    }
}
