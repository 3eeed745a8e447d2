package io.squisher.format.pytorch;

import io.squisher.files.ContentKind;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.ReadOnlyFormat;
import io.squisher.format.safetensors.ShardIndex;
import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Weights in several PyTorch files beside an index, as Hugging Face stored large models: {@code pytorch_model.bin.index.json}. The
 * index is sorted by name; the files, which are numbered, cut the model's state dict into pieces and so keep its order.
 */
public final class ShardedTorchFormat extends ReadOnlyFormat {
    private static final String SUFFIX = ".bin.index.json";
    private static final String FORMAT = "index of PyTorch files";

    @Override
    public String name() {
        return FORMAT;
    }

    @Override
    public boolean recognises(Path path) {
        return path.getFileName().toString().endsWith(SUFFIX);
    }

    @Override
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.TORCH_INDEX);
    }

    @Override
    public WeightSource open(Path path) {
        ShardIndex index = ShardIndex.read(path, FORMAT);
        List<WeightSource> shards = new ArrayList<>();
        try (Opening opening = new Opening()) {
            Map<String, WeightSource> shardOf = new HashMap<>();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String file : new TreeSet<>(index.files().values())) {
                WeightSource shard = opening.add(new TorchFormat().open(index.shard(file)));
                shards.add(shard);
                for (String name : shard.names()) {
                    if (file.equals(index.files().get(name))) {
                        tensors.put(name, shard.tensor(name));
                        shardOf.put(name, shard);
                    }
                }
            }
            for (String name : index.files().keySet()) {
                if (!tensors.containsKey(name)) {
                    throw index.missing(name);
                }
            }
            return opening.keep(new Source(this, path, tensors, shards, shardOf));
        }
    }

    private static final class Source extends NamedTensors {
        private final List<WeightSource> shards;
        private final Map<String, WeightSource> shardOf;

        Source(
                ShardedTorchFormat format,
                Path path,
                Map<String, Tensor> tensors,
                List<WeightSource> shards,
                Map<String, WeightSource> shardOf) {
            super(path, format, tensors);
            this.shards = shards;
            this.shardOf = shardOf;
        }

        @Override
        public Role role(String name) {
            tensor(name);
            return shardOf.get(name).role(name);
        }

        @Override
        public boolean isInOrder() {
            return shards.stream().allMatch(WeightSource::isInOrder);
        }

        /** Tied tensors stand in one file. */
        @Override
        public Map<String, String> aliases() {
            Map<String, String> aliases = new LinkedHashMap<>();
            shards.forEach(shard -> shard.aliases().forEach((alias, name) -> {
                if (shardOf.get(alias) == shard && shardOf.get(name) == shard) {
                    aliases.put(alias, name);
                }
            }));
            return aliases;
        }

        @Override
        public void close() {
            shards.forEach(WeightSource::close);
        }
    }
}
