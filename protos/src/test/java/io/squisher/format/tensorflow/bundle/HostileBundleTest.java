package io.squisher.format.tensorflow.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.proto.tensorflow.BundleEntryProto;
import io.squisher.proto.tensorflow.TensorShapeProto;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints whose checksums hold and whose few bytes would need much memory or time. */
class HostileBundleTest {
    @TempDir
    Path folder;

    private String refused(NavigableMap<byte[], byte[]> entries) throws IOException {
        return refused(SealedBundle.index(entries));
    }

    private String refused(byte[] index) throws IOException {
        SealedBundle.writeData(folder.resolve("m"));
        Files.write(folder.resolve("m.index"), index);
        String message = assertThrows(FormatException.class, () -> {
                    try (BundleFile file = BundleFile.open(folder.resolve("m"))) {
                        for (String name : file.names()) {
                            file.tensor(name).toBytes();
                        }
                        file.strings("text");
                    }
                })
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void thePartitionedOneIsRead() throws IOException {
        SealedBundle.writeData(folder.resolve("m"));
        Files.write(folder.resolve("m.index"), SealedBundle.index(SealedBundle.partitioned()));
        try (BundleFile file = BundleFile.open(folder.resolve("m"))) {
            Tensor tensor = file.tensor("w");
            assertArrayEquals(new float[6], tensor.toFloats());
        }
    }

    /** The whole is said to have gigabytes, its parts have some bytes. */
    @Test
    void memoryForAPartitionedTensorIsTakenForItsPartsOnly() throws IOException {
        NavigableMap<byte[], byte[]> entries = SealedBundle.partitioned();
        BundleEntryProto.Builder whole = BundleEntryProto.parseFrom(entries.get(key("w"))).toBuilder();
        whole.getShapeBuilder().getDimBuilder(0).setSize(150_000_000);
        entries.put(key("w"), whole.build().toByteArray());
        String message = refused(entries);
        assertTrue(message.contains("the parts of tensor 'w' have 6 elements, the whole 450000000"), message);
    }

    @Test
    void stringsAreBounded() throws IOException {
        NavigableMap<byte[], byte[]> entries = SealedBundle.adam();
        BundleEntryProto text = BundleEntryProto.newBuilder()
                .setDtype(BundleElementTypes.STRING)
                .setShape(TensorShapeProto.getDefaultInstance())
                .setSize(65_000_000_000L)
                .build();
        entries.put(key("text"), text.toByteArray());
        String message = refused(entries);
        assertTrue(message.contains("tensor 'text' ends at 65000000000, the file at 64"), message);
    }

    /** Each key adds a byte to the one before, and stands whole in memory. */
    @Test
    void keysThatShareTheirBeginningsAreBounded() throws IOException {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        SealedBundle.putEntry(entries, 0, new byte[500_000], new byte[0]);
        for (int i = 0; i < 200; i++) {
            SealedBundle.putEntry(entries, 500_000 + i, new byte[1], new byte[0]);
        }
        String message = refused(SealedBundle.table(SealedBundle.block(entries.toByteArray()), false));
        assertTrue(message.contains("names of more than"), message);
    }

    /** One block, to which the block of handles leads again and again. */
    @Test
    void aBlockIsReadOnce() throws IOException {
        int handles = 100;
        // Of each entry: three lengths, a byte of key, and a handle of three bytes.
        int size = handles * 7 + 8;
        ByteArrayOutputStream handle = new ByteArrayOutputStream();
        Bytes.putVarint(handle, 0);
        Bytes.putVarint(handle, size);
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        for (int i = 0; i < handles; i++) {
            SealedBundle.putEntry(entries, 0, new byte[] {(byte) i}, handle.toByteArray());
        }
        assertEquals(size, entries.size() + 8);
        String message = refused(SealedBundle.table(SealedBundle.block(entries.toByteArray()), true));
        assertTrue(message.contains("its blocks overlap"), message);
    }
}
