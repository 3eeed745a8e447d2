package io.squisher.format.onnx;

import io.squisher.files.AtomicFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A model, written under temporary names. Closing it removes what has not got its name.
 *
 * @param files in the order in which they get their names: the data first, if it stands beside the model
 * @param outdated data that only the model read that stood in this one's place
 */
public record PreparedModel(List<AtomicFile> files, Set<Path> outdated) implements AutoCloseable {
    /** Removes the data that no model reads any more, once the files have their names. */
    public void committed() {
        OutdatedData.delete(outdated);
    }

    @Override
    public void close() {
        files.forEach(AtomicFile::close);
    }
}
