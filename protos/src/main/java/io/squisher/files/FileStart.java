package io.squisher.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first bytes of a file, by which its format is known. */
public final class FileStart {
    private FileStart() {}

    /** Up to {@code count} bytes; none if the file cannot be read. */
    public static byte[] of(Path path, int count) {
        if (!Files.isRegularFile(path)) {
            return new byte[0];
        }
        try (InputStream stream = Files.newInputStream(path)) {
            return stream.readNBytes(count);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
