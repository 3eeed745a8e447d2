package io.squisher.format.tensorflow.bundle;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reads an immutable sorted table, the container of a checkpoint's index.
 *
 * <pre>
 * table    = block* metaindex:block index:block footer
 * block    = entry* restart:uint32* count:uint32, then a trailer: compression:byte, masked CRC-32C of both:uint32
 * entry    = shared:varint, added:varint, size:varint, the last bytes of the key, value
 * footer   = metaindex:handle index:handle, padded to 40 bytes, magic:uint64; handle = offset:varint size:varint
 * </pre>
 *
 * The index block's values are the handles of the data blocks.
 */
final class SortedTable {
    static final int FOOTER = 48;
    static final long MAGIC = 0xdb4775248b80fb57L;
    static final int TRAILER = 5;

    /** An index takes some 100 bytes a tensor. */
    private static final long LARGEST = 1L << 30;

    private static final String FORMAT = "TensorFlow checkpoint index";

    /** Keys share their beginnings in the file and not in memory. */
    private static final long MOST_KEY_BYTES = 64 << 20;

    private final Path path;
    private final byte[] bytes;
    private long blockBytes;
    private long keyBytes;

    private SortedTable(Path path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /**
     * Reads all entries, in the order of their keys' unsigned bytes.
     *
     * @throws FormatException if the file is missing, no such table, or damaged
     */
    static NavigableMap<byte[], byte[]> read(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new IOException("it is a folder");
            }
            long size = Files.size(path);
            if (size > LARGEST) {
                throw FormatException.unsupported(
                        path, FORMAT, Counted.of(size, "byte") + ", at most " + LARGEST + " are read");
            }
            return new SortedTable(path, Files.readAllBytes(path)).entries();
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    private NavigableMap<byte[], byte[]> entries() {
        int footer = bytes.length - FOOTER;
        if (footer < 0 || buffer(0, bytes.length).getLong(bytes.length - 8) != MAGIC) {
            throw FormatException.notA(
                    path, FORMAT, "no table footer at 0x" + Integer.toHexString(Math.max(0, footer)));
        }
        NavigableMap<byte[], byte[]> all = new TreeMap<>(Arrays::compareUnsigned);
        try {
            ByteBuffer handles = buffer(footer, FOOTER);
            block(handles);
            for (byte[] handle : readBlock(block(handles)).values()) {
                all.putAll(readBlock(block(buffer(handle))));
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw FormatException.bad(path, FORMAT, "an entry runs past its block");
        }
        return all;
    }

    /** The contents of the block whose handle is next in {@code handle}, its checksum verified. */
    private ByteBuffer block(ByteBuffer handle) {
        int offset = Bytes.length(handle);
        int size = Bytes.length(handle);
        if ((long) offset + size + TRAILER > bytes.length) {
            throw FormatException.bad(
                    path,
                    FORMAT,
                    "a block of " + Counted.of(size, "byte") + " at 0x" + Integer.toHexString(offset)
                            + " passes the end");
        }
        blockBytes += size;
        if (blockBytes > bytes.length) {
            throw FormatException.bad(path, FORMAT, "its blocks overlap");
        }
        int expected = buffer(0, bytes.length).getInt(offset + size + 1);
        if (MaskedCrc.of(bytes, offset, size + 1) != expected) {
            throw FormatException.bad(path, FORMAT, "wrong checksum of the block at 0x" + Integer.toHexString(offset));
        }
        if (bytes[offset + size] != 0) {
            throw FormatException.unsupported(
                    path,
                    FORMAT,
                    "compression " + bytes[offset + size] + " of the block at 0x" + Integer.toHexString(offset));
        }
        return buffer(offset, size);
    }

    private NavigableMap<byte[], byte[]> readBlock(ByteBuffer block) {
        NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
        int restarts = block.getInt(block.limit() - 4);
        block.limit(Math.toIntExact(block.limit() - 4L * (restarts + 1L)));
        byte[] key = {};
        while (block.hasRemaining()) {
            int shared = Bytes.length(block);
            int added = Bytes.length(block);
            byte[] value = new byte[checked(Bytes.length(block), block)];
            if (shared > key.length) {
                throw new IllegalArgumentException("a key shares more than its predecessor has");
            }
            keyBytes += shared + added;
            if (keyBytes > MOST_KEY_BYTES) {
                throw FormatException.unsupported(path, FORMAT, "names of more than " + MOST_KEY_BYTES + " bytes");
            }
            key = Arrays.copyOf(key, shared + checked(added, block));
            block.get(key, shared, added);
            block.get(value);
            entries.put(key, value);
        }
        return entries;
    }

    /** A length that the block can hold; what is not there is not allocated. */
    private static int checked(int length, ByteBuffer block) {
        if (length > block.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }

    private ByteBuffer buffer(int offset, int size) {
        return ByteBuffer.wrap(bytes, offset, size).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer buffer(byte[] whole) {
        return ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    }
}
