package io.squisher.format.npy;

import io.squisher.files.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes {@code .npy} files: magic and version, a Python dictionary padded to 64 bytes, the little-endian elements. */
public final class NpyWriter {
    private static final byte[] START = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private NpyWriter() {}

    /** Writes a float64 vector atomically. */
    public static void write(Path path, double[] values) {
        String dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + values.length + ",), }";
        int unpadded = START.length + 2 + dictionary.length() + 1;
        int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
        byte[] header = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(START.length + 2 + header.length + 8 * values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(START)
                .putShort((short) header.length)
                .put(header);
        for (double value : values) {
            bytes.putDouble(value);
        }
        AtomicFile.write(path, bytes.array());
    }
}
