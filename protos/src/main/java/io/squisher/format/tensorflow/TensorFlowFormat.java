package io.squisher.format.tensorflow;

import io.squisher.files.Opening;
import io.squisher.files.SameFile;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.Replacement;
import io.squisher.weights.Role;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights in a TensorFlow checkpoint, named by its index file or another of its files. Slots of optimizers are among them, as constants. */
public final class TensorFlowFormat implements WeightFormat {
    @Override
    public String name() {
        return BundleFile.FORMAT;
    }

    @Override
    public String writtenSuffixes() {
        return ".index";
    }

    @Override
    public boolean recognises(Path path) {
        return path.getFileName().toString().endsWith(".index") || BundlePaths.isOtherFile(path);
    }

    @Override
    public WeightSource open(Path path) {
        try (Opening opening = new Opening()) {
            return opening.keep(new Source(opening.add(BundleFile.open(BundlePaths.index(path))), this));
        }
    }

    /** Metadata is not written: the format has no place for it. */
    @Override
    public void write(Path target, WeightSource template, Map<String, Tensor> replaced, Map<String, String> metadata) {
        BundleFile file = ((Source) template).file;
        SameFile.refuse(BundleFile.indexOf(prefix(target)), template.path());
        BundleWriter.write(prefix(target), Replacement.in(template, replaced), file);
    }

    private static Path prefix(Path target) {
        String name = target.getFileName().toString();
        return name.endsWith(".index") ? target.resolveSibling(name.substring(0, name.length() - 6)) : target;
    }

    private static final class Source extends NamedTensors {
        private final BundleFile file;
        private final TensorFlowRoles roles;

        Source(BundleFile file, TensorFlowFormat format) {
            super(file.path(), format, tensors(file));
            this.file = file;
            this.roles = TensorFlowRoles.of(file);
        }

        private static Map<String, Tensor> tensors(BundleFile file) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            file.names().stream().filter(file::isWhole).forEach(name -> tensors.put(name, file.tensor(name)));
            return tensors;
        }

        @Override
        public Map<String, String> unread() {
            Map<String, String> unread = new LinkedHashMap<>();
            file.names().stream()
                    .filter(name -> !file.isWhole(name))
                    .forEach(name -> unread.put(name, "some of its parts alone"));
            return unread;
        }

        @Override
        public Role role(String name) {
            return roles.role(name, super.role(name));
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
