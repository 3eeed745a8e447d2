package io.squisher.format.tensorflow.bundle;

import io.squisher.proto.tensorflow.BundleEntryProto;
import io.squisher.proto.tensorflow.BundleHeaderProto;
import io.squisher.proto.tensorflow.TensorShapeProto;
import io.squisher.proto.tensorflow.TensorSliceProto;
import io.squisher.proto.tensorflow.TrackableObjectGraph;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Checkpoints made entry by entry, right or wrong, whose checksums hold all the same. */
public final class SealedBundle {
    private static final String VARIABLE_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE";
    private static final byte[] DATA = new byte[64];
    private static final String OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH";

    private SealedBundle() {}

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static NavigableMap<byte[], byte[]> empty() {
        NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
        entries.put(
                new byte[0],
                BundleHeaderProto.newBuilder().setNumShards(1).build().toByteArray());
        return entries;
    }

    private static BundleEntryProto.Builder entry(long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        long size = 4;
        for (long dim : dims) {
            shape.addDimBuilder().setSize(dim);
            size *= dim;
        }
        return BundleEntryProto.newBuilder().setDtype(1).setShape(shape).setSize(size);
    }

    private static byte[] withChecksum(BundleEntryProto.Builder entry, byte[] data) {
        long end = entry.getOffset() + entry.getSize();
        if (entry.getOffset() >= 0 && entry.getSize() >= 0 && end >= 0 && end <= data.length) {
            CRC32C crc = new CRC32C();
            crc.update(data, (int) entry.getOffset(), (int) entry.getSize());
            entry.setCrc32C(MaskedCrc.mask(crc));
        }
        return entry.build().toByteArray();
    }

    /** Two variables and their slots, as TensorFlow Java names them. */
    public static NavigableMap<byte[], byte[]> adam() {
        NavigableMap<byte[], byte[]> entries = empty();
        for (String name : new String[] {"w", "w-m", "w-v"}) {
            entries.put(key(name), withChecksum(entry(2, 3), DATA));
        }
        entries.put(key("beta2_power"), withChecksum(entry(), DATA));
        return entries;
    }

    /** One variable in two parts. */
    public static NavigableMap<byte[], byte[]> partitioned() {
        NavigableMap<byte[], byte[]> entries = empty();
        BundleEntryProto.Builder whole = entry(2, 3);
        for (int i = 0; i < 2; i++) {
            TensorSliceProto.Builder slice = whole.addSlicesBuilder();
            slice.addExtentBuilder().setStart(i).setLength(1);
            slice.addExtentBuilder();
            entries.put(
                    SliceKey.of("w", slice.build()), withChecksum(entry(1, 3).setOffset(12L * i), DATA));
        }
        entries.put(key("w"), whole.build().toByteArray());
        return entries;
    }

    /** The table of the entries. */
    public static byte[] index(NavigableMap<byte[], byte[]> entries) {
        return SortedTableWriter.write(entries);
    }

    /** A table of one block with these bytes; its block of handles leads there, or is that block itself. */
    static byte[] table(byte[] block, boolean isItsOwnIndex) {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        byte[] handle = append(table, block);
        byte[] none = append(table, block(new byte[0]));
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        putEntry(entry, 0, key("z"), handle);
        byte[] index = append(table, block(entry.toByteArray()));
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        footer.writeBytes(none);
        footer.writeBytes(isItsOwnIndex ? handle : index);
        table.writeBytes(Arrays.copyOf(footer.toByteArray(), SortedTable.FOOTER - 8));
        Bytes.putLong(table, SortedTable.MAGIC);
        return table.toByteArray();
    }

    static void putEntry(ByteArrayOutputStream entries, int shared, byte[] added, byte[] value) {
        Bytes.putVarint(entries, shared);
        Bytes.putVarint(entries, added.length);
        Bytes.putVarint(entries, value.length);
        entries.writeBytes(added);
        entries.writeBytes(value);
    }

    /** A block of entries, with one restart at their start. */
    static byte[] block(byte[] entries) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(entries);
        Bytes.putInt(block, 0);
        Bytes.putInt(block, 1);
        return block.toByteArray();
    }

    /** Appends a block with its trailer; returns its handle. */
    private static byte[] append(ByteArrayOutputStream table, byte[] block) {
        ByteArrayOutputStream handle = new ByteArrayOutputStream();
        Bytes.putVarint(handle, table.size());
        Bytes.putVarint(handle, block.length);
        byte[] checked = Arrays.copyOf(block, block.length + 1);
        table.writeBytes(checked);
        Bytes.putInt(table, MaskedCrc.of(checked, 0, checked.length));
        return handle.toByteArray();
    }

    /** The entries one after the other: two bytes of length and the key, then of the value. */
    public static byte[] flat(NavigableMap<byte[], byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        entries.forEach((key, value) -> {
            for (byte[] part : new byte[][] {key, value}) {
                bytes.write(part.length >> 8);
                bytes.write(part.length);
                bytes.writeBytes(part);
            }
        });
        return bytes.toByteArray();
    }

    /** The table of entries that are {@link #flat}; the checksums of values that are entries are put right. */
    public static byte[] sealed(byte[] flat) {
        NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
        ByteBuffer bytes = ByteBuffer.wrap(flat);
        while (bytes.remaining() >= 4) {
            byte[] key = part(bytes);
            byte[] value = part(bytes);
            try {
                if (key.length > 0) {
                    value = withChecksum(BundleEntryProto.parseFrom(value).toBuilder(), DATA);
                }
            } catch (io.squisher.internal.protobuf.InvalidProtocolBufferException e) {
                // Stays as it is: the reader must refuse it.
            }
            entries.put(key, value);
        }
        return SortedTableWriter.write(entries);
    }

    private static byte[] part(ByteBuffer bytes) {
        if (bytes.remaining() < 2) {
            return new byte[0];
        }
        byte[] part = new byte[Math.min(bytes.getShort() & 0xffff, bytes.remaining())];
        bytes.get(part);
        return part;
    }

    /** The file of values that all these entries point into. */
    public static void writeData(Path prefix) throws IOException {
        Files.write(BundleShards.file(prefix, 0, 1), DATA);
    }

    /** The names of a Keras model's variable, its slot in the numbered form, and the iterations. */
    public static byte[] objectGraph() {
        TrackableObjectGraph.Builder graph = TrackableObjectGraph.newBuilder();
        for (String[] names : new String[][] {
            {"layer/kernel", "dense/kernel"},
            {"optimizer/_variables/1", "Adam/v/dense/kernel"},
            {"optimizer/_variables/2", "adam/dense_kernel_velocity"}
        }) {
            graph.addNodesBuilder()
                    .addAttributesBuilder()
                    .setName("VARIABLE_VALUE")
                    .setFullName(names[1])
                    .setCheckpointKey(names[0] + VARIABLE_VALUE);
        }
        return graph.build().toByteArray();
    }

    /** A checkpoint of objects with that graph, as a tensor of one string whose checksums hold. */
    public static void writeWithObjects(Path prefix, byte[] graph) throws IOException {
        writeWithObjects(prefix, graph, "layer/kernel", "optimizer/_variables/1", "optimizer/_variables/2");
    }

    private static void writeWithObjects(Path prefix, byte[] graph, String... variables) throws IOException {
        NavigableMap<byte[], byte[]> entries = empty();
        for (String name : variables) {
            entries.put(key(name + VARIABLE_VALUE), withChecksum(entry(2, 3), DATA));
        }
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        CRC32C crc = new CRC32C();
        Bytes.putVarint(strings, graph.length);
        update(crc, graph.length);
        int lengths = MaskedCrc.mask(crc);
        Bytes.putInt(strings, lengths);
        update(crc, lengths);
        strings.writeBytes(graph);
        crc.update(graph);
        BundleEntryProto.Builder entry = BundleEntryProto.newBuilder()
                .setDtype(BundleElementTypes.STRING)
                .setShape(TensorShapeProto.getDefaultInstance())
                .setOffset(DATA.length)
                .setSize(strings.size())
                .setCrc32C(MaskedCrc.mask(crc));
        entries.put(key(OBJECTS), entry.build().toByteArray());
        byte[] data = Arrays.copyOf(DATA, DATA.length + strings.size());
        System.arraycopy(strings.toByteArray(), 0, data, DATA.length, strings.size());
        Files.write(BundleShards.file(prefix, 0, 1), data);
        Files.write(BundleFile.indexOf(prefix), index(entries));
    }

    /**
     * A checkpoint of objects with these values.
     *
     * @param names what the program called the variables, by key
     */
    public static void writeObjects(Path prefix, Map<String, Tensor> tensors, Map<String, String> names)
            throws IOException {
        TrackableObjectGraph.Builder graph = TrackableObjectGraph.newBuilder();
        names.forEach((key, name) -> graph.addNodesBuilder()
                .addAttributesBuilder()
                .setName("VARIABLE_VALUE")
                .setFullName(name)
                .setCheckpointKey(key));
        Path strings = prefix.resolveSibling("strings.ckpt");
        writeWithObjects(strings, graph.build().toByteArray(), new String[0]);
        try (BundleFile file = BundleFile.open(strings)) {
            BundleWriter.write(prefix, new TreeMap<>(tensors), file);
        }
    }

    private static void update(CRC32C crc, int value) {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        Bytes.putInt(word, value);
        crc.update(word.toByteArray());
    }
}
