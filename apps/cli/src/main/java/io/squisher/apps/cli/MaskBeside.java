package io.squisher.apps.cli;

import io.squisher.files.AtomicFile;
import io.squisher.mask.MaskFile;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The mask that may go out beside a pruned model: written before it, in its place after it, so that none comes alone. */
record MaskBeside(Optional<Path> path, Optional<AtomicFile> file) implements AutoCloseable {
    static MaskBeside prepare(Optional<Path> path, Map<String, Tensor> masks, Map<String, String> metadata) {
        return new MaskBeside(path, path.map(target -> MaskFile.prepare(target, masks, metadata)));
    }

    void commit(Console console) {
        file.ifPresent(AtomicFile::commit);
        path.ifPresent(target -> console.print("wrote " + target));
    }

    @Override
    public void close() {
        file.ifPresent(AtomicFile::close);
    }
}
