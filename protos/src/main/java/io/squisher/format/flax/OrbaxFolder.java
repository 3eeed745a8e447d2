package io.squisher.format.flax;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Folders that Orbax writes. Their storage, TensorStore's, is read by its own library alone; a line of Python makes one file of them. */
public final class OrbaxFolder {
    private static final List<String> MARKS =
            List.of("manifest.ocdbt", "_CHECKPOINT_METADATA", "_METADATA", "_CHECKPOINT", "checkpoint/manifest.ocdbt");

    private OrbaxFolder() {}

    /** What to do with a folder of Orbax; empty for other paths. */
    public static Optional<String> wayOut(Path path) {
        return isOrbax(path)
                ? Optional.of(
                        "a folder of Orbax, whose storage (OCDBT and Zarr of TensorStore) is not read; make a file of it in"
                                + " Python: flax.serialization.to_bytes(orbax.checkpoint.PyTreeCheckpointer().restore(folder)), and"
                                + " give that, called *.msgpack")
                : Optional.empty();
    }

    private static boolean isOrbax(Path path) {
        if (!Files.isDirectory(path)) {
            return false;
        }
        if (hasMark(path) || hasMark(path.resolve("default"))) {
            return true;
        }
        try (Stream<Path> steps = Files.list(path)) {
            return steps.limit(1000).anyMatch(step -> hasMark(step) || hasMark(step.resolve("default")));
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static boolean hasMark(Path folder) {
        return MARKS.stream().anyMatch(mark -> Files.exists(folder.resolve(mark)));
    }
}
