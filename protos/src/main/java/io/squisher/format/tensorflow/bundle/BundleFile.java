package io.squisher.format.tensorflow.bundle;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.proto.tensorflow.BundleEntryProto;
import io.squisher.proto.tensorflow.BundleHeaderProto;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/**
 * An open checkpoint: any number of shards, either byte order, partitioned tensors put together. The index is in memory;
 * values are read when asked for, and their checksum is verified before the first of them is handed out.
 */
public final class BundleFile implements AutoCloseable {
    /** The format's name in messages. */
    public static final String FORMAT = "TensorFlow checkpoint";

    private static final String INDEX = ".index";

    private final Path index;
    private final NavigableMap<byte[], byte[]> table;
    private final Map<String, BundleEntryProto> entries = new LinkedHashMap<>();
    private final Map<String, Tensor> opened = new HashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final BundleShards shards;

    private BundleFile(Path index) {
        this.index = index;
        this.table = SortedTable.read(index);
        byte[] header = table.remove(new byte[0]);
        if (header == null) {
            throw FormatException.bad(index, FORMAT, "the index has no header");
        }
        try {
            this.shards = new BundleShards(index, prefix(index), BundleHeaderProto.parseFrom(header));
            for (Map.Entry<byte[], byte[]> entry : table.entrySet()) {
                // Parts of partitioned tensors stand under keys that begin with 0.
                if (entry.getKey()[0] != 0) {
                    add(
                            new String(entry.getKey(), StandardCharsets.UTF_8),
                            BundleEntryProto.parseFrom(entry.getValue()));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw FormatException.bad(index, FORMAT, "an entry of the index is no protobuf message: " + e.getMessage());
        }
    }

    private void add(String name, BundleEntryProto entry) {
        entries.put(name, entry);
        if (BundleElementTypes.of(entry.getDtype()).isPresent()) {
            names.add(name);
        }
    }

    /**
     * Opens a checkpoint.
     *
     * @param path its index file, or the prefix that its files share
     * @throws FormatException if the index is missing, of another format, or damaged
     */
    public static BundleFile open(Path path) {
        return new BundleFile(indexOf(path));
    }

    /** The index file of a checkpoint, given by its prefix or by that file itself. */
    public static Path indexOf(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(INDEX) ? path : path.resolveSibling(name + INDEX);
    }

    private static Path prefix(Path index) {
        String name = index.getFileName().toString();
        return index.resolveSibling(name.substring(0, name.length() - INDEX.length()));
    }

    /** The index file. */
    public Path path() {
        return index;
    }

    /** Names of all tensors of numbers, in order; strings are not among them. */
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    /** All entries by name, strings included. */
    public Map<String, BundleEntryProto> entries() {
        return Collections.unmodifiableMap(entries);
    }

    BundleShards shards() {
        return shards;
    }

    /**
     * A tensor of numbers, readable until {@link #close()}.
     *
     * @throws SquisherException if there is none of that name, or its bytes are missing; damaged ones are noticed when read
     */
    public synchronized Tensor tensor(String name) {
        return opened.computeIfAbsent(name, this::read);
    }

    /**
     * Whether all parts of a tensor are in the checkpoint. Under a scope TensorFlow 1 gives the slots of the parts of a variable
     * different names, each with one part of a whole.
     */
    public boolean isWhole(String name) {
        BundleEntryProto entry = entry(name);
        return entry.getSlicesCount() == 0 || PartitionedTensor.isCovered(shards.shape(name, entry), entry);
    }

    /**
     * Verifies the checksums of all tensors of numbers, for which all of them are read.
     *
     * @throws SquisherException if the bytes of one are missing or damaged
     */
    public void verify() {
        for (String name : names) {
            if (!isWhole(name)) {
                continue;
            }
            Tensor tensor = tensor(name);
            // Whoever reads the first byte has had all of them verified.
            tensor.readBytes(0, ByteBuffer.allocate((int) Math.min(1, tensor.byteSize())));
        }
    }

    /** The elements of a tensor of strings, as bytes. */
    public List<byte[]> strings(String name) {
        return BundleStrings.read(shards, name, entry(name));
    }

    private BundleEntryProto entry(String name) {
        BundleEntryProto entry = entries.get(name);
        if (entry == null) {
            throw new SquisherException("'" + index + "' has no tensor '" + name + "'");
        }
        return entry;
    }

    private Tensor read(String name) {
        BundleEntryProto entry = entry(name);
        if (entry.getSlicesCount() == 0) {
            return shards.tensor(name, entry);
        }
        return PartitionedTensor.of(shards, name, entry, slice -> {
            byte[] part = table.get(SliceKey.of(name, slice));
            if (part == null) {
                throw FormatException.bad(index, FORMAT, "a part of tensor '" + name + "' is not in the index");
            }
            return part;
        });
    }

    @Override
    public void close() {
        shards.close();
    }
}
