package io.squisher.examples.files;

import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Makes folders and removes them. */
public final class Folders {
    private Folders() {}

    /**
     * Makes a folder and those above it, where they are missing.
     *
     * @return the folder
     * @throws FormatException if it cannot be made
     */
    public static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw FormatException.unwritable(folder, e);
        }
    }

    /**
     * Removes a folder with all that is in it, if it is there.
     *
     * @throws FormatException if something in it stays
     */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw FormatException.unwritable(folder, e);
        }
    }
}
