package io.squisher.format.npy;

import io.squisher.files.AtomicFile;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes {@code .npy} files: magic and version, a Python dictionary padded to 64 bytes, the little-endian elements. */
public final class NpyWriter {
    private static final byte[] START = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private NpyWriter() {}

    /**
     * Writes an array atomically; it is in memory meanwhile.
     *
     * @throws io.squisher.SquisherException if numpy has no such element type
     */
    public static void write(Path path, Tensor array) {
        AtomicFile.write(path, encode(array));
    }

    static byte[] encode(Tensor array) {
        byte[] header = header(array.type(), array.shape());
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(header.length + array.byteSize()));
        bytes.put(header);
        array.readBytes(0, bytes);
        return bytes.array();
    }

    /** All that comes before the elements. */
    static byte[] header(ElementType type, Shape array) {
        // A tuple of one element needs its comma in Python.
        String shape = Arrays.stream(array.dims()).mapToObj(dim -> dim + ",").collect(Collectors.joining(" "));
        String dictionary =
                "{'descr': '" + NpyHeader.descr(type) + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        int unpadded = START.length + 2 + dictionary.length() + 1;
        int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
        byte[] header = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(START.length + 2 + header.length);
        bytes.put(START)
                .put((byte) header.length)
                .put((byte) (header.length >> 8))
                .put(header);
        return bytes.array();
    }
}
