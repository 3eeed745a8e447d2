package io.squisher.files;

import io.squisher.Counted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Tells a file whose end is missing, by what its format says at the start: the common result of an interrupted download. */
final class Truncation {
    private static final String AGAIN = "; it was not downloaded or written to its end, so fetch it again";

    /** A zip archive ends with a record of 22 bytes and a comment of at most 65535. */
    private static final int ZIP_END = 22;

    private static final int ZIP_COMMENT = 0xffff;

    private Truncation() {}

    /**
     * What is missing; empty where the file is whole or its format does not say.
     *
     * @param start the first bytes
     * @param size bytes in all
     */
    static Optional<String> of(Path path, byte[] start, long size) {
        ByteBuffer bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        if (start.length >= 4 && bytes.getInt(0) == 0x04034b50) {
            return hasZipEnd(path, size)
                    ? Optional.empty()
                    : Optional.of("the directory at the archive's end is missing" + AGAIN);
        }
        if (start.length >= 48 && bytes.getLong(0) == 0x0a1a0a0d46444889L) {
            long whole = bytes.getLong(start[8] < 2 ? 40 : 28);
            return whole > size
                    ? Optional.of("it has " + size + " of the " + Counted.of(whole, "byte") + " that its header states"
                            + AGAIN)
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean hasZipEnd(Path path, long size) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            int count = (int) Math.min(size, ZIP_END + ZIP_COMMENT);
            ByteBuffer end = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
            FileRegion region = new FileRegion(path, channel, size - count, count);
            region.read(0, end);
            for (int at = count - ZIP_END; at >= 0; at--) {
                if (end.getInt(at) == 0x06054b50) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // It cannot be read, so nothing is known of its end.
            return true;
        }
    }
}
