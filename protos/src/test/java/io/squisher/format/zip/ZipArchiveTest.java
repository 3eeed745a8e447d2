package io.squisher.format.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.files.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipArchiveTest {
    private static final byte[] TEXT = "some text, some text, some text".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private byte[] archive(int method) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("a/first", "a/größe")) {
                ZipEntry entry = new ZipEntry(name);
                entry.setMethod(method);
                entry.setSize(TEXT.length);
                CRC32 crc = new CRC32();
                crc.update(TEXT);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(TEXT);
            }
        }
        return bytes.toByteArray();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.zip"), bytes);
    }

    @Test
    void storedAndDeflatedMembersAreRead() throws IOException {
        for (int method : new int[] {ZipEntry.STORED, ZipEntry.DEFLATED}) {
            try (ZipArchive archive = ZipArchive.open(write(archive(method)))) {
                assertEquals(List.of("a/first", "a/größe"), List.copyOf(archive.names()));
                assertArrayEquals(TEXT, archive.bytes("a/größe", 100));
                byte[] part = new byte[4];
                archive.region("a/first").read(5, ByteBuffer.wrap(part));
                assertEquals("text", new String(part, StandardCharsets.US_ASCII));
            }
        }
    }

    /** Sizes and offset all ones in the entry, the true values in the zip64 field, as PyTorch writes large files. */
    @Test
    void sizesInTheZip64FieldAreUsed() throws IOException {
        byte[] name = {'x'};
        ByteBuffer zip = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
        zip.putInt(0x04034b50).position(26);
        zip.putShort((short) 1).putShort((short) 0).put(name).put(TEXT);
        int directory = zip.position();
        zip.putInt(0x02014b50).position(directory + 20);
        zip.putInt(-1).putInt(-1).putShort((short) 1).putShort((short) 28).position(directory + 42);
        zip.putInt(-1).put(name).putShort((short) 1).putShort((short) 24);
        zip.putLong(TEXT.length).putLong(TEXT.length).putLong(0);
        int end64 = zip.position();
        zip.putInt(0x06064b50).position(end64 + 32);
        zip.putLong(1).putLong(end64 - directory).putLong(directory);
        zip.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        zip.putInt(0x06054b50)
                .putInt(0)
                .putShort((short) -1)
                .putShort((short) -1)
                .putInt(-1)
                .putInt(-1)
                .putShort((short) 0);
        try (ZipArchive archive = ZipArchive.open(write(Arrays.copyOf(zip.array(), zip.position())))) {
            assertArrayEquals(TEXT, archive.bytes("x", 100));
        }
    }

    @Test
    void aMemberThatIsLargerThanExpectedIsRefused() throws IOException {
        try (ZipArchive archive = ZipArchive.open(write(archive(ZipEntry.STORED)))) {
            Exception e = assertThrows(FormatException.class, () -> archive.bytes("a/first", 10));
            assertTrue(e.getMessage().contains("has 31 bytes, at most 10 are expected"), e.getMessage());
            e = assertThrows(FormatException.class, () -> archive.region("b"));
            assertTrue(e.getMessage().endsWith("bad zip archive (it has no member 'b')"), e.getMessage());
        }
    }

    /** A directory that promises more than deflate can give: refused before anything is unpacked. */
    @Test
    void aBombIsRefusedByItsDirectory() throws IOException {
        byte[] bytes = archive(ZipEntry.DEFLATED);
        int entry = find(bytes, 0x02014b50, 0);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 24, 0x7fffffff);
        Exception e = assertThrows(FormatException.class, () -> ZipArchive.open(write(bytes)));
        assertTrue(e.getMessage().contains("more than deflate can"), e.getMessage());
    }

    @Test
    void aMemberThatUnpacksToAnotherSizeIsRefused() throws IOException {
        for (int wrong : new int[] {TEXT.length - 1, TEXT.length + 1}) {
            byte[] bytes = archive(ZipEntry.DEFLATED);
            int entry = find(bytes, 0x02014b50, 0);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 24, wrong);
            try (ZipArchive archive = ZipArchive.open(write(bytes))) {
                Exception e = assertThrows(FormatException.class, () -> archive.region("a/first"));
                assertTrue(e.getMessage().contains("does not unpack to the " + wrong), e.getMessage());
            }
        }
    }

    @Test
    void encryptionOtherMethodsAndTwoOfANameAreRefused() throws IOException {
        byte[] encrypted = archive(ZipEntry.STORED);
        encrypted[find(encrypted, 0x02014b50, 0) + 8] |= 1;
        assertRefused(encrypted, "unsupported zip archive (the member 'a/first' is encrypted)");
        byte[] method = archive(ZipEntry.STORED);
        method[find(method, 0x02014b50, 0) + 10] = 14;
        assertRefused(method, "is compressed by method 14");
        byte[] twice = archive(ZipEntry.STORED);
        int second = find(twice, 0x02014b50, find(twice, 0x02014b50, 0) + 1);
        System.arraycopy(Arrays.copyOfRange(twice, second, second + 54), 0, twice, second, 54);
        byte[] name = "a/first\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, twice, second + 46, 8);
        twice[second + 28] = 7;
        assertThrows(FormatException.class, () -> ZipArchive.open(write(twice)));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = archive(ZipEntry.STORED);
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "zip archive (");
        }
    }

    @Test
    void mutationsNeverEscape() throws IOException {
        for (int method : new int[] {ZipEntry.STORED, ZipEntry.DEFLATED}) {
            Mutations.of(archive(method), folder.resolve("mutant.zip"), mutant -> {
                try (ZipArchive archive = ZipArchive.open(mutant)) {
                    archive.names().forEach(name -> archive.bytes(name, 1000));
                }
            });
        }
    }

    private void assertRefused(byte[] bytes, String expected) throws IOException {
        Path path = write(bytes);
        Exception e = assertThrows(FormatException.class, () -> ZipArchive.open(path));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    private static int find(byte[] bytes, int signature, int from) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = from;
        while (buffer.getInt(at) != signature) {
            at++;
        }
        return at;
    }
}
