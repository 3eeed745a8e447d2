package io.squisher.spark;

import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders for what is only needed while a program runs. */
final class TemporaryFolders {
    private TemporaryFolders() {}

    static Path create(String name) {
        try {
            return Files.createTempDirectory(name);
        } catch (IOException e) {
            throw FormatException.unwritable(Path.of(System.getProperty("java.io.tmpdir"), name), e);
        }
    }

    /** One that goes when the virtual machine ends. */
    static Path untilTheEnd(String name) {
        Path folder = create(name);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    /** Deletes a folder with all that is in it, as far as it can be. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // What is left is in the system's folder for such things.
        }
    }
}
