package io.squisher.format.tensorflow.bundle;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Builds the bytes of a sorted table; the grammar is that of {@link SortedTable}. Nothing is compressed. */
final class SortedTableWriter {
    private static final int BLOCK = 1 << 16;
    private static final int RESTART_INTERVAL = 16;

    private final ByteArrayOutputStream table = new ByteArrayOutputStream();

    private SortedTableWriter() {}

    /** The table of {@code entries}, which are ordered by their keys' unsigned bytes. */
    static byte[] write(NavigableMap<byte[], byte[]> entries) {
        return new SortedTableWriter().build(entries);
    }

    private byte[] build(NavigableMap<byte[], byte[]> entries) {
        NavigableMap<byte[], byte[]> index = new TreeMap<>(Arrays::compareUnsigned);
        Block block = new Block(RESTART_INTERVAL);
        byte[] last = {};
        for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            if (block.size() > BLOCK) {
                index.put(last, append(block));
                block = new Block(RESTART_INTERVAL);
            }
            block.add(entry.getKey(), entry.getValue());
            last = entry.getKey();
        }
        index.put(last, append(block));
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        footer.writeBytes(append(new Block(RESTART_INTERVAL)));
        Block indexBlock = new Block(1);
        index.forEach(indexBlock::add);
        footer.writeBytes(append(indexBlock));
        footer.writeBytes(new byte[SortedTable.FOOTER - 8 - footer.size()]);
        Bytes.putLong(footer, SortedTable.MAGIC);
        table.writeBytes(footer.toByteArray());
        return table.toByteArray();
    }

    /** Appends a block with its trailer; returns its handle. */
    private byte[] append(Block block) {
        byte[] contents = block.finish();
        ByteArrayOutputStream handle = new ByteArrayOutputStream();
        Bytes.putVarint(handle, table.size());
        Bytes.putVarint(handle, contents.length);
        byte[] checked = Arrays.copyOf(contents, contents.length + 1);
        table.writeBytes(checked);
        Bytes.putInt(table, MaskedCrc.of(checked, 0, checked.length));
        return handle.toByteArray();
    }

    /** Entries whose keys share their first bytes with the key before, but for every n-th. */
    private static final class Block {
        private final int interval;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ByteArrayOutputStream restarts = new ByteArrayOutputStream();
        private byte[] last = {};
        private int entries;

        Block(int interval) {
            this.interval = interval;
            Bytes.putInt(restarts, 0);
        }

        int size() {
            return bytes.size();
        }

        void add(byte[] key, byte[] value) {
            int shared = 0;
            if (entries % interval != 0) {
                int difference = Arrays.mismatch(last, key);
                shared = difference < 0 ? key.length : difference;
            } else if (entries > 0) {
                Bytes.putInt(restarts, bytes.size());
            }
            Bytes.putVarint(bytes, shared);
            Bytes.putVarint(bytes, key.length - shared);
            Bytes.putVarint(bytes, value.length);
            bytes.write(key, shared, key.length - shared);
            bytes.writeBytes(value);
            last = key;
            entries++;
        }

        byte[] finish() {
            int count = restarts.size() / 4;
            bytes.writeBytes(restarts.toByteArray());
            Bytes.putInt(bytes, count);
            return bytes.toByteArray();
        }
    }
}
