package io.squisher.format.npy;

import io.squisher.Counted;
import io.squisher.files.ContentKind;
import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.ReadOnlyFormat;
import io.squisher.format.zip.ZipArchive;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Named arrays in a {@code .npz}: a zip archive with a {@code .npy} for each. */
public final class NpzFormat extends ReadOnlyFormat {
    private static final String FORMAT = "npz file";
    private static final String ENDING = ".npy";

    @Override
    public String name() {
        return FORMAT;
    }

    @Override
    public boolean recognises(Path path) {
        return path.getFileName().toString().endsWith(".npz");
    }

    @Override
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.NUMPY_ARCHIVE);
    }

    @Override
    public WeightSource open(Path path) {
        try (Opening opening = new Opening()) {
            ZipArchive archive = opening.add(ZipArchive.open(path));
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String member : archive.names()) {
                if (member.endsWith(ENDING)) {
                    String name = member.substring(0, member.length() - ENDING.length());
                    tensors.put(name, tensor(path, name, archive.region(member)));
                }
            }
            if (tensors.isEmpty()) {
                throw FormatException.notA(path, FORMAT, "it holds no arrays");
            }
            return opening.keep(new Source(archive, tensors, this));
        }
    }

    private static Tensor tensor(Path path, String name, FileRegion region) {
        try {
            NpyHeader header = NpyHeader.read(path, name, region.stream());
            long bytes = header.shape().size() * header.type().bytes();
            if (region.size() - header.length() != bytes) {
                throw FormatException.bad(
                        path,
                        FORMAT,
                        "array '" + name + "' of " + header.type() + header.shape() + " needs "
                                + Counted.of(bytes, "byte") + " and has " + (region.size() - header.length()));
            }
            return new FileTensor(
                    path, region.channel(), region.offset() + header.length(), header.type(), header.shape());
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    private static final class Source extends NamedTensors {
        private final ZipArchive archive;

        Source(ZipArchive archive, Map<String, Tensor> tensors, WeightFormat format) {
            super(archive.path(), format, tensors);
            this.archive = archive;
        }

        @Override
        public void close() {
            archive.close();
        }
    }
}
