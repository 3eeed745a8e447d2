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
        String name = index.getFileName().toString();
        String stem = name.substring(0, name.length() - ShardedSafetensorsFormat.SUFFIX.length());
        JsonObject weightMap = new JsonObject();
        List<AtomicFile> files = new ArrayList<>();
        try {
            for (int i = 0; i < shards.size(); i++) {
                String file = String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", stem, i + 1, shards.size());
                shards.get(i).keySet().forEach(tensor -> weightMap.addProperty(tensor, file));
                Path path = index.toAbsolutePath().resolveSibling(file);
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
        AtomicFile.write(index, indexOf(tensors, weightMap).getBytes(StandardCharsets.UTF_8));
    }

    private static String indexOf(Map<String, Tensor> tensors, JsonObject weightMap) {
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
