package io.squisher.format.safetensors;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.squisher.files.FormatException;
import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights in several safetensors files beside an index, as Hugging Face stores large models: {@code
 * NAME.safetensors.index.json} with a {@code weight_map} from tensor to file.
 */
public final class ShardedSafetensorsFormat implements WeightFormat {
    static final String SUFFIX = ".safetensors.index.json";
    private static final String FORMAT = "safetensors index";
    private static final long MOST_BYTES = 100_000_000;

    @Override
    public String name() {
        return FORMAT;
    }

    @Override
    public boolean recognises(Path path) {
        return path.getFileName().toString().endsWith(SUFFIX);
    }

    /** The part of the index that matters. */
    private record Index(Map<String, Object> metadata, LinkedHashMap<String, String> weight_map) {}

    @Override
    public WeightSource open(Path path) {
        Index index = read(path);
        Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
        try {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            index.weight_map.forEach((name, file) -> {
                SafetensorsFile shard = shards.computeIfAbsent(file, key -> SafetensorsFile.open(shard(path, key)));
                Tensor tensor = shard.tensors().get(name);
                if (tensor == null) {
                    throw bad(path, "the tensor '" + name + "' is not in '" + file + "'");
                }
                tensors.put(name, tensor);
                metadata.putAll(shard.metadata());
            });
            return new Source(this, path, shards, tensors, metadata);
        } catch (RuntimeException e) {
            shards.values().forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private static Index read(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw FormatException.notA(path, FORMAT, "it has more than " + MOST_BYTES + " bytes");
            }
            Index index = new Gson().fromJson(Files.readString(path), Index.class);
            if (index == null || index.weight_map == null || index.weight_map.containsValue(null)) {
                throw FormatException.notA(path, FORMAT, "it has no weight_map from tensors to files");
            }
            return index;
        } catch (JsonParseException e) {
            throw FormatException.notA(path, FORMAT, "it is no JSON object with a weight_map");
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /** A shard lies beside its index and nowhere else. */
    private static Path shard(Path index, String file) {
        try {
            Path name = Path.of(file);
            if (name.getNameCount() == 1 && !name.isAbsolute() && !file.equals("..") && !file.equals(".")) {
                return index.toAbsolutePath().resolveSibling(name);
            }
        } catch (InvalidPathException e) {
            // Said below: no file can be called so.
        }
        throw bad(index, "the file '" + file + "' is not beside the index");
    }

    private static FormatException bad(Path path, String detail) {
        return FormatException.bad(path, FORMAT, detail);
    }

    @Override
    public void write(Path target, WeightSource template, Map<String, Tensor> replaced, Map<String, String> metadata) {
        new SafetensorsFormat().write(target, template, replaced, metadata);
    }

    private static final class Source extends NamedTensors {
        private final Map<String, SafetensorsFile> shards;
        private final Map<String, String> metadata;

        Source(
                ShardedSafetensorsFormat format,
                Path path,
                Map<String, SafetensorsFile> shards,
                Map<String, Tensor> tensors,
                Map<String, String> metadata) {
            super(path, format, tensors);
            this.shards = shards;
            this.metadata = metadata;
        }

        @Override
        public Map<String, String> metadata() {
            return metadata;
        }

        @Override
        public void close() {
            shards.values().forEach(SafetensorsFile::close);
        }
    }
}
