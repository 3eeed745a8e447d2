package io.squisher.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The first bytes of a file, or its last, by which its format is known. */
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

    /** The last {@code count} bytes; none if the file cannot be read or has fewer. */
    public static byte[] endOf(Path path, int count) {
        if (!Files.isRegularFile(path)) {
            return new byte[0];
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(count);
            long at = channel.size() - count;
            while (at >= 0 && bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {}
            return bytes.hasRemaining() ? new byte[0] : bytes.array();
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
