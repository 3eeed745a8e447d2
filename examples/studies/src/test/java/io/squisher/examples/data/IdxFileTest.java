package io.squisher.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    private static final byte[] VALUES = {0, 51, -1, 1, 2, 3};
    private static final byte[] WHOLE = IdxFiles.bytes(new int[] {2, 1, 3}, VALUES);

    @TempDir
    private Path folder;

    @Test
    void readsPixelsAsFractions() throws IOException {
        IdxFile read = IdxFile.read(file(WHOLE), 3);
        assertArrayEquals(new int[] {2, 1, 3}, read.dims());
        assertArrayEquals(new float[] {0, 0.2f, 1}, read.images()[0], 1e-7f);
    }

    @Test
    void readsLabelsAboveTheSignedRange() throws IOException {
        byte[] labels = IdxFiles.bytes(new int[] {2}, (byte) 7, (byte) 200);
        assertArrayEquals(new int[] {7, 200}, IdxFile.read(file(labels), 1).labels());
    }

    @Test
    void readsCompressedFilesWhateverTheirName() throws IOException {
        assertArrayEquals(VALUES, IdxFile.read(file(IdxFiles.gzip(WHOLE)), 3).values());
    }

    @Test
    void refusesWhatIsShortLongOrOfAnotherKind() throws IOException {
        assertRefused(new byte[0], "ends early");
        assertRefused(new byte[] {0}, "ends early");
        assertRefused(Arrays.copyOf(WHOLE, 10), "ends early");
        assertRefused(Arrays.copyOf(WHOLE, WHOLE.length - 1), "ends after 5 of 6");
        assertRefused(Arrays.copyOf(WHOLE, WHOLE.length + 1), "goes on");
        byte[] compressed = IdxFiles.gzip(WHOLE);
        assertRefused(Arrays.copyOf(compressed, compressed.length - 9), "ends early");
        assertRefused("PK\3\4........".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "not an IDX file");
        byte[] floats = WHOLE.clone();
        floats[2] = 0x0d;
        assertRefused(floats, "type 0x0d");
        assertRefused(IdxFiles.bytes(new int[] {1}, (byte) 1), "1 dimensions where 3 are expected");
    }

    @Test
    void believesNoHeaderThatAsksForTooMuch() throws IOException {
        assertRefused(
                IdxFiles.bytes(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE}), "dimensions");
        assertRefused(IdxFiles.bytes(new int[] {1, -1, 2}), "dimensions");
        assertRefused(IdxFiles.bytes(new int[] {1 << 20, 28, 28}), "ends after 0");
    }

    private void assertRefused(byte[] bytes, String reason) throws IOException {
        Path file = file(bytes);
        FormatException refused = assertThrows(FormatException.class, () -> IdxFile.read(file, 3));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertTrue(refused.getMessage().lines().count() == 1, refused.getMessage());
    }

    private Path file(byte... bytes) throws IOException {
        return Files.write(folder.resolve("images"), bytes);
    }
}
