package io.squisher.tf.checkpoint;

import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A checkpoint and its accumulators, written under temporary names. Closing it removes what has not got its name.
 *
 * @param checkpoint data and index
 * @param accumulators the file beside them
 */
record PreparedPair(BundleWriter checkpoint, AtomicFile accumulators) implements AutoCloseable {
    /** The files in the order in which they get their names, the index last: without it the others are no checkpoint to anybody. */
    List<AtomicFile> inOrder() {
        List<AtomicFile> files = new ArrayList<>(List.of(accumulators));
        files.addAll(checkpoint.files());
        return files;
    }

    /**
     * Gives the files names that an older pair may have. Its accumulators go before its checkpoint does, and the new ones come
     * last: whenever this ends, a file of accumulators belongs to the checkpoint that is there.
     *
     * @param accumulatorsFile where the accumulators will be
     */
    void commitOver(Path accumulatorsFile) {
        List<AtomicFile> files = new ArrayList<>(checkpoint.files());
        files.add(accumulators);
        AtomicFile.commit(files, () -> delete(accumulatorsFile));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }

    @Override
    public void close() {
        checkpoint.close();
        accumulators.close();
    }
}
