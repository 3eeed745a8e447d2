package io.squisher.format.tensorflow.bundle;

import io.squisher.files.AtomicFile;
import io.squisher.proto.tensorflow.BundleEntryProto;
import io.squisher.proto.tensorflow.BundleHeaderProto;
import io.squisher.proto.tensorflow.TensorShapeProto;
import io.squisher.proto.tensorflow.VersionDef;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Writes a checkpoint of one shard, which {@code Session.restore} and {@code tf.train.load_checkpoint} read. */
public final class BundleWriter implements AutoCloseable {
    private final AtomicFile data;
    private final AtomicFile index;
    private final TensorBytes bytes = new TensorBytes();
    private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<String, Long> checksums = new HashMap<>();
    private long at;

    private BundleWriter(Path prefix) {
        this.data = AtomicFile.create(BundleShards.file(prefix, 0, 1));
        this.index = AtomicFile.create(BundleFile.indexOf(prefix));
        BundleHeaderProto header = BundleHeaderProto.newBuilder()
                .setNumShards(1)
                .setVersion(VersionDef.newBuilder().setProducer(1))
                .build();
        entries.put(new byte[0], header.toByteArray());
    }

    /**
     * Writes {@code tensors} as {@code prefix.index} and {@code prefix.data-00000-of-00001}. Either file appears whole or not at
     * all, the index last; a checkpoint that exists under the prefix is replaced file by file.
     */
    public static void write(Path prefix, Map<String, Tensor> tensors) {
        try (BundleWriter writer = prepare(prefix, tensors)) {
            AtomicFile.commit(writer.files());
        }
    }

    /** Writes {@code tensors} under temporary names; who commits {@link #files()} puts the checkpoint in its place. */
    public static BundleWriter prepare(Path prefix, Map<String, Tensor> tensors) {
        BundleWriter writer = new BundleWriter(prefix);
        try {
            tensors.forEach(writer::add);
            writer.finish();
            return writer;
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** As {@link #write(Path, Map)}, with the strings of another checkpoint, whose bytes are taken over as they are. */
    public static void write(Path prefix, Map<String, Tensor> tensors, BundleFile strings) {
        try (BundleWriter writer = new BundleWriter(prefix)) {
            tensors.forEach(writer::add);
            strings.entries().forEach((name, entry) -> {
                if (!tensors.containsKey(name) && entry.getSlicesCount() == 0) {
                    writer.copy(name, entry, strings.shards());
                }
            });
            writer.finish();
            AtomicFile.commit(writer.files());
        }
    }

    private void add(String name, Tensor tensor) {
        CRC32C crc = new CRC32C();
        bytes.forEachPiece(tensor, piece -> {
            crc.update(piece.duplicate());
            data.append(piece);
        });
        checksums.put(name, crc.getValue());
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dim : tensor.shape().dims()) {
            shape.addDimBuilder().setSize(dim);
        }
        put(
                name,
                BundleEntryProto.newBuilder()
                        .setDtype(BundleElementTypes.numberOf(tensor.type()))
                        .setShape(shape)
                        .setSize(tensor.byteSize())
                        .setCrc32C(MaskedCrc.mask(crc)));
    }

    private void copy(String name, BundleEntryProto entry, BundleShards shards) {
        ByteBuffer stored = ByteBuffer.allocate(Math.toIntExact(entry.getSize()));
        shards.read(name, entry, stored);
        data.append(stored.flip());
        put(name, entry.toBuilder().setShardId(0));
    }

    private void put(String name, BundleEntryProto.Builder entry) {
        entries.put(
                name.getBytes(StandardCharsets.UTF_8),
                entry.setOffset(at).build().toByteArray());
        at += entry.getSize();
    }

    private void finish() {
        data.complete();
        index.append(ByteBuffer.wrap(SortedTableWriter.write(entries)));
        index.complete();
    }

    /** The data and the index, to be put in place in this order. */
    public List<AtomicFile> files() {
        return List.of(data, index);
    }

    /** The CRC-32C of a tensor's bytes that was written. */
    public long checksum(String name) {
        return checksums.get(name);
    }

    @Override
    public void close() {
        data.close();
        index.close();
    }
}
