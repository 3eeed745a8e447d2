package io.squisher.examples.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files for tests. */
public final class IdxFiles {
    private IdxFiles() {}

    /** A file's bytes: the header for unsigned bytes, then {@code values}. */
    public static byte[] bytes(int[] dims, byte... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * dims.length + values.length);
        buffer.putInt(0x0800 | dims.length);
        for (int dim : dims) {
            buffer.putInt(dim);
        }
        return buffer.put(values).array();
    }

    /** Compressed bytes. */
    public static byte[] gzip(byte... bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        return compressed.toByteArray();
    }

    /** The four files of a data set: images of 2 × 2 pixels, labels 0 and 9. */
    public static void writeTiny(Path folder) throws IOException {
        for (String part : FashionMnist.PARTS) {
            byte[] images = bytes(new int[] {2, 2, 2}, new byte[] {0, 51, -1, 0, 1, 2, 3, 4});
            Files.write(folder.resolve(FashionMnist.files(part).get(0) + ".gz"), gzip(images));
            Files.write(folder.resolve(FashionMnist.files(part).get(1)), bytes(new int[] {2}, (byte) 0, (byte) 9));
        }
    }
}
