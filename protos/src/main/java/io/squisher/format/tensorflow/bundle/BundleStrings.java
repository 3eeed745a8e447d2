package io.squisher.format.tensorflow.bundle;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.proto.tensorflow.BundleEntryProto;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Tensors of strings: the lengths as varints, a masked CRC-32C of the lengths as words, the bytes. The words are of 32 bits, or
 * of 64 for a length beyond; the entry's checksum goes on over the first checksum and the bytes.
 */
final class BundleStrings {
    /** The graph of a large model's objects has some megabytes. */
    private static final int MOST_BYTES = 64 << 20;

    private BundleStrings() {}

    static List<byte[]> read(BundleShards shards, String name, BundleEntryProto entry) {
        Path file = shards.file(entry);
        if (entry.getDtype() != BundleElementTypes.STRING) {
            throw FormatException.unsupported(file, BundleFile.FORMAT, "tensor '" + name + "' has no strings");
        }
        long count = shards.shape(name, entry).size();
        try {
            // The channel first: it refuses a size that the file does not have.
            shards.channel(name, entry);
            if (entry.getSize() > MOST_BYTES) {
                throw FormatException.unsupported(
                        file,
                        BundleFile.FORMAT,
                        "tensor '" + name + "' has strings of " + Counted.of(entry.getSize(), "byte") + ", at most "
                                + MOST_BYTES + " are read");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) entry.getSize()).order(ByteOrder.LITTLE_ENDIAN);
            shards.read(name, entry, bytes);
            bytes.flip();
            if (count > bytes.remaining()) {
                throw new IllegalArgumentException("more strings than bytes");
            }
            return read(bytes, (int) count, entry.getCrc32C());
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw FormatException.bad(file, BundleFile.FORMAT, "the strings of tensor '" + name + "'");
        }
    }

    private static List<byte[]> read(ByteBuffer bytes, int count, int expected) {
        CRC32C crc = new CRC32C();
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = Bytes.length(bytes);
            crc.update(little(4).putInt(lengths[i]).flip());
        }
        int lengthsChecksum = bytes.getInt();
        if (lengthsChecksum != MaskedCrc.mask(crc)) {
            throw new IllegalArgumentException("wrong checksum of the lengths");
        }
        crc.update(little(4).putInt(lengthsChecksum).flip());
        List<byte[]> strings = new ArrayList<>();
        for (int length : lengths) {
            if (length > bytes.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] string = new byte[length];
            bytes.get(string);
            crc.update(string);
            strings.add(string);
        }
        if (MaskedCrc.mask(crc) != expected) {
            throw new IllegalArgumentException("wrong checksum");
        }
        return strings;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
