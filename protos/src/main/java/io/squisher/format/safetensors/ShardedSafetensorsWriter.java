package io.squisher.format.safetensors;

import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes weights as several files and an index, the index last. An older index of that name goes before the first shard is
 * replaced: whoever looks in between finds no model rather than a mixed one.
 */
final class ShardedSafetensorsWriter {
    /** The size at which Hugging Face begins a new file. */
    static final long SHARD_BYTES = 5_000_000_000L;

    private ShardedSafetensorsWriter() {}

    static void write(Path index, Map<String, Tensor> tensors, Map<String, String> metadata, long shardBytes) {
        List<Map<String, Tensor>> shards = split(tensors, shardBytes);
        Map<String, String> fileOf = new LinkedHashMap<>();
        List<AtomicFile> files = new ArrayList<>();
        try {
            for (int i = 0; i < shards.size(); i++) {
                Path path = file(index, i + 1, shards.size());
                shards.get(i)
                        .keySet()
                        .forEach(tensor -> fileOf.put(tensor, path.getFileName().toString()));
                AtomicFile shard = AtomicFile.create(path);
                files.add(shard);
                SafetensorsWriter.append(shard, path, shards.get(i), metadata);
            }
            Files.deleteIfExists(index);
            AtomicFile.commit(files);
        } catch (IOException e) {
            throw FormatException.unwritable(index, e);
        } finally {
            files.forEach(AtomicFile::close);
        }
        AtomicFile.write(index, indexOf(tensors, fileOf).getBytes(StandardCharsets.UTF_8));
    }

    /** The file of a number, from 1, beside an index. */
    static Path file(Path index, int number, int count) {
        String name = index.getFileName().toString();
        String stem = name.substring(0, name.length() - ShardedSafetensorsFormat.SUFFIX.length());
        return index.toAbsolutePath()
                .resolveSibling(String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", stem, number, count));
    }

    /**
     * The text of an index.
     *
     * @param fileOf by tensor, its file's name
     */
    static String indexOf(Map<String, Tensor> tensors, Map<String, String> fileOf) {
        JsonObject weightMap = new JsonObject();
        fileOf.forEach(weightMap::addProperty);
        JsonObject sizes = new JsonObject();
        sizes.addProperty(
                "total_size",
                tensors.values().stream().mapToLong(Tensor::byteSize).sum());
        JsonObject index = new JsonObject();
        index.add("metadata", sizes);
        index.add("weight_map", weightMap);
        return index.toString();
    }

    /** Fills shard after shard; a tensor is never divided. */
    private static List<Map<String, Tensor>> split(Map<String, Tensor> tensors, long shardBytes) {
        List<Map<String, Tensor>> shards = new ArrayList<>(List.of(new LinkedHashMap<>()));
        long filled = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long bytes = entry.getValue().byteSize();
            if (filled > 0 && filled + bytes > shardBytes) {
                shards.add(new LinkedHashMap<>());
                filled = 0;
            }
            shards.get(shards.size() - 1).put(entry.getKey(), entry.getValue());
            filled += bytes;
        }
        return shards;
    }
}
