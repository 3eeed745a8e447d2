package io.squisher.format.safetensors;

import io.squisher.files.ContentKind;
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

/** Weights in a safetensors file. */
public final class SafetensorsFormat implements WeightFormat {
    /** One file, or several beside an index: one format in two. */
    static final String SUFFIXES = ".safetensors or " + ShardedSafetensorsFormat.SUFFIX;

    @Override
    public String name() {
        return SafetensorsFile.FORMAT;
    }

    @Override
    public String writtenSuffixes() {
        return SUFFIXES;
    }

    @Override
    public boolean takesOtherTypes() {
        return true;
    }

    @Override
    public boolean recognises(Path path) {
        return path.getFileName().toString().endsWith(".safetensors");
    }

    @Override
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.SAFETENSORS);
    }

    @Override
    public WeightSource open(Path path) {
        return new Source(SafetensorsFile.open(path), this);
    }

    @Override
    public void write(Path target, WeightSource template, Map<String, Tensor> replaced, Map<String, String> metadata) {
        SameFile.refuse(target, template.path());
        if (ShardedSafetensorsFormat.isIndex(target)) {
            ShardedSafetensorsFormat.write(target, template, replaced, metadata, ShardedSafetensorsWriter.SHARD_BYTES);
            return;
        }
        Map<String, String> merged = new LinkedHashMap<>(template.metadata());
        merged.putAll(metadata);
        SafetensorsWriter.write(target, Replacement.in(template, replaced), merged);
    }

    private static final class Source extends NamedTensors {
        private final SafetensorsFile file;

        Source(SafetensorsFile file, SafetensorsFormat format) {
            super(file.path(), format, file.tensors());
            this.file = file;
        }

        @Override
        public Map<String, String> metadata() {
            return file.metadata();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
