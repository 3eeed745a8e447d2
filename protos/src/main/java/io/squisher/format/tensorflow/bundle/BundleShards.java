package io.squisher.format.tensorflow.bundle;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.proto.tensorflow.BundleEntryProto;
import io.squisher.proto.tensorflow.BundleHeaderProto;
import io.squisher.proto.tensorflow.TensorShapeProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** The data files of a checkpoint, opened when first needed. */
final class BundleShards implements AutoCloseable {
    private static final int MOST_SHARDS = 100_000;

    private final Path index;
    private final Path prefix;
    private final BundleHeaderProto header;
    private final Map<Integer, FileChannel> open = new HashMap<>();

    BundleShards(Path index, Path prefix, BundleHeaderProto header) {
        if (header.getNumShards() < 1 || header.getNumShards() > MOST_SHARDS) {
            throw FormatException.bad(index, BundleFile.FORMAT, Counted.of(header.getNumShards(), "shard"));
        }
        if (header.getVersion().getMinConsumer() > 1) {
            throw FormatException.unsupported(
                    index, BundleFile.FORMAT, "version " + header.getVersion().getMinConsumer() + ", 1 is read");
        }
        this.index = index;
        this.prefix = prefix;
        this.header = header;
    }

    /** The file of a shard, as {@code model.data-00001-of-00002}. */
    static Path file(Path prefix, int shard, int shards) {
        return prefix.resolveSibling(String.format("%s.data-%05d-of-%05d", prefix.getFileName(), shard, shards));
    }

    /** The tensor of an entry that is not partitioned; its checksum is verified when it is first read. */
    Tensor tensor(String name, BundleEntryProto entry) {
        ElementType type = BundleElementTypes.of(entry.getDtype())
                .orElseThrow(() -> FormatException.unsupported(
                        index, BundleFile.FORMAT, "tensor '" + name + "' has TensorFlow's type " + entry.getDtype()));
        Shape shape = shape(name, entry);
        if (Math.multiplyExact(shape.size(), type.bytes()) != entry.getSize()) {
            throw FormatException.bad(
                    index,
                    BundleFile.FORMAT,
                    "tensor '" + name + "' of " + type + shape + " has " + Counted.of(entry.getSize(), "byte"));
        }
        FileTensor stored = new FileTensor(file(entry), channel(name, entry), entry.getOffset(), type, shape);
        Tensor checked = new CheckedTensor(stored, name, entry.getCrc32C());
        return isBigEndian() && type.bytes() > 1 ? new SwappedTensor(checked) : checked;
    }

    boolean isBigEndian() {
        return header.getEndianness() == BundleHeaderProto.Endianness.BIG;
    }

    Shape shape(String name, BundleEntryProto entry) {
        try {
            return Shape.of(entry.getShape().getDimList().stream()
                    .mapToLong(TensorShapeProto.Dim::getSize)
                    .toArray());
        } catch (IllegalArgumentException e) {
            throw FormatException.bad(index, BundleFile.FORMAT, "tensor '" + name + "': " + e.getMessage());
        }
    }

    Path file(BundleEntryProto entry) {
        return file(prefix, entry.getShardId(), header.getNumShards());
    }

    /** The channel of the entry's shard, in which its bytes lie. */
    synchronized FileChannel channel(String name, BundleEntryProto entry) {
        if (entry.getShardId() < 0 || entry.getShardId() >= header.getNumShards()) {
            throw FormatException.bad(
                    index,
                    BundleFile.FORMAT,
                    "tensor '" + name + "' is in shard " + entry.getShardId() + " of " + header.getNumShards());
        }
        Path file = file(entry);
        try {
            FileChannel channel = open.get(entry.getShardId());
            if (channel == null) {
                channel = FileChannel.open(file, StandardOpenOption.READ);
                open.put(entry.getShardId(), channel);
            }
            boolean inside = entry.getOffset() >= 0
                    && entry.getSize() >= 0
                    && entry.getSize() <= channel.size() - entry.getOffset();
            if (!inside) {
                throw FormatException.bad(
                        file,
                        BundleFile.FORMAT,
                        "tensor '" + name + "' ends at " + (entry.getOffset() + entry.getSize()) + ", the file at "
                                + channel.size());
            }
            return channel;
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    /** Fills {@code target} with the stored bytes of an entry. */
    void read(String name, BundleEntryProto entry, ByteBuffer target) {
        FileChannel channel = channel(name, entry);
        try {
            while (target.hasRemaining()) {
                if (channel.read(target, entry.getOffset() + target.position()) < 0) {
                    throw new EOFException("the file has become shorter");
                }
            }
        } catch (IOException e) {
            throw FormatException.unreadable(file(entry), e);
        }
    }

    @Override
    public synchronized void close() {
        for (Map.Entry<Integer, FileChannel> shard : open.entrySet()) {
            try {
                shard.getValue().close();
            } catch (IOException e) {
                throw FormatException.unreadable(file(prefix, shard.getKey(), header.getNumShards()), e);
            }
        }
    }
}
