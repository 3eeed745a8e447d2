package io.squisher.format.safetensors;

import io.squisher.files.ContentKind;
import io.squisher.files.Opening;
import io.squisher.files.SameFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.Replacement;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights in several safetensors files beside an index, as Hugging Face stores large models: {@code
 * NAME.safetensors.index.json} with a {@code weight_map} from tensor to file.
 */
public final class ShardedSafetensorsFormat implements WeightFormat {
    static final String SUFFIX = ".safetensors.index.json";
    private static final String FORMAT = "safetensors index";

    @Override
    public String name() {
        return FORMAT;
    }

    @Override
    public String writtenAs() {
        return SafetensorsFile.FORMAT;
    }

    @Override
    public String writtenSuffixes() {
        return SafetensorsFormat.SUFFIXES;
    }

    @Override
    public boolean takesOtherTypes() {
        return true;
    }

    @Override
    public boolean recognises(Path path) {
        return isIndex(path);
    }

    static boolean isIndex(Path path) {
        return path.getFileName().toString().endsWith(SUFFIX);
    }

    @Override
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.SAFETENSORS_INDEX);
    }

    @Override
    public WeightSource open(Path path) {
        ShardIndex index = ShardIndex.read(path, FORMAT);
        Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
        try (Opening opening = new Opening()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            index.files().forEach((name, file) -> {
                SafetensorsFile shard =
                        shards.computeIfAbsent(file, key -> opening.add(SafetensorsFile.open(index.shard(key))));
                Tensor tensor = shard.tensors().get(name);
                if (tensor == null) {
                    throw index.missing(name);
                }
                tensors.put(name, tensor);
                metadata.putAll(shard.metadata());
            });
            return opening.keep(new Source(this, path, shards, tensors, metadata));
        }
    }

    @Override
    public void write(Path target, WeightSource template, Map<String, Tensor> replaced, Map<String, String> metadata) {
        ((Source) template).shards.values().forEach(shard -> SameFile.refuse(target, shard.path()));
        new SafetensorsFormat().write(target, template, replaced, metadata);
    }

    /**
     * Writes an index and files of about the same size.
     *
     * @param index where the index goes; its name ends in {@code .safetensors.index.json}, and it is no file of the template
     * @param shardBytes at which a new file begins; a tensor is never divided
     */
    public static void write(
            Path index,
            WeightSource template,
            Map<String, Tensor> replaced,
            Map<String, String> metadata,
            long shardBytes) {
        SameFile.refuse(index, template.path());
        Map<String, String> merged = new LinkedHashMap<>(template.metadata());
        merged.putAll(metadata);
        ShardedSafetensorsWriter.write(index, Replacement.in(template, replaced), merged, shardBytes);
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
