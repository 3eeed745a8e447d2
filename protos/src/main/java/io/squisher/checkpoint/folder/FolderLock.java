package io.squisher.checkpoint.folder;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes a folder one process's own; the operating system gives it back when the process dies in whatever way. */
public final class FolderLock implements AutoCloseable {
    private static final String NAME = ".squisher.lock";

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the folder.
     *
     * @throws SquisherException if it is taken, or cannot be written to
     */
    public static FolderLock of(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return new FolderLock(file, channel);
                }
            } catch (OverlappingFileLockException e) {
                // Another manager of this process has it.
            }
            channel.close();
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
        throw new SquisherException("cannot save into '" + folder
                + "': another training run is saving into it; give each run a folder of its own");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }
}
