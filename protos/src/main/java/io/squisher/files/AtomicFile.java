package io.squisher.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that appears whole or not at all: written beside its place, forced to disk, renamed. Closing it without
 * {@link #commit()} removes what was written and leaves an older file of that name untouched; so does the end of the process,
 * unless it is killed outright. What a killed process left is removed by the next one that writes the same name.
 */
public final class AtomicFile implements AutoCloseable {
    /** Files under their temporary names: an interrupted process runs no {@code close}. */
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::removeUnfinished, "unfinished files"));
    }

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final EarlyWriteBack writeBack;
    private boolean committed;

    private AtomicFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
        this.writeBack = new EarlyWriteBack(channel);
    }

    /** Starts a file whose place is {@code target}, and removes what killed processes left of it. */
    public static AtomicFile create(Path target) {
        if (Files.isDirectory(target)) {
            throw FormatException.unwritable(target, new IOException("it is a folder"));
        }
        TemporaryFiles.removeLeftovers(target.toAbsolutePath(), UNFINISHED);
        while (true) {
            Path temporary = TemporaryFiles.newName(target.toAbsolutePath());
            try {
                UNFINISHED.add(temporary);
                FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                if (TemporaryFiles.claim(temporary, channel)) {
                    return new AtomicFile(target, temporary, channel);
                }
                channel.close();
                Files.deleteIfExists(temporary);
                UNFINISHED.remove(temporary);
            } catch (IOException e) {
                UNFINISHED.remove(temporary);
                throw FormatException.unwritable(target, e);
            }
        }
    }

    /**
     * Why no file can be created at {@code target}, as far as its name says: no such folder, or a name that is too long for the
     * file system with what is added to it while it is written. Nothing is created. Empty if the name is good.
     */
    public static Optional<String> problemOf(Path target) {
        Path place = target.toAbsolutePath();
        Path folder = place.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            return TemporaryFiles.problemOf(folder).or(() -> Optional.of("there is no folder '" + folder + "'"));
        }
        return TemporaryFiles.problemOf(place).or(() -> TemporaryFiles.problemOf(TemporaryFiles.newName(place)));
    }

    /** As {@link #problemOf}, for a folder that need not exist, nor what it is in. */
    public static Optional<String> problemOfFolder(Path folder) {
        return TemporaryFiles.problemOf(folder.toAbsolutePath());
    }

    private static void removeUnfinished() {
        for (Path file : UNFINISHED) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // The process ends: there is nobody to tell, and the name says that it is temporary.
            }
        }
    }

    /** Writes a small file whole. */
    public static void write(Path target, byte[] bytes) {
        try (AtomicFile file = create(target)) {
            file.append(ByteBuffer.wrap(bytes));
            file.commit();
        }
    }

    /** The channel to write through. */
    public FileChannel channel() {
        return channel;
    }

    /** Writes all that remains in {@code bytes}. */
    public void append(ByteBuffer bytes) {
        try {
            int count = bytes.remaining();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            writeBack.written(count);
        } catch (IOException e) {
            throw FormatException.unwritable(target, e);
        }
    }

    /** Says that all is written: what is left of it starts on its way to the disk, while the caller does something else. */
    public void complete() {
        writeBack.start();
    }

    /** Forces the bytes to disk and puts the file in its place. */
    public void commit() {
        commit(List.of(this));
    }

    /**
     * Puts files in their places, in this order, after the bytes of all of them are on disk. Forcing them together takes as
     * long as the longest alone.
     */
    public static void commit(List<AtomicFile> files) {
        commit(files, () -> {});
    }

    /**
     * As {@link #commit(List)}.
     *
     * @param beforeNames is run when all bytes are on disk and no file has its name yet
     */
    public static void commit(List<AtomicFile> files, Runnable beforeNames) {
        files.forEach(AtomicFile::complete);
        files.forEach(AtomicFile::force);
        beforeNames.run();
        files.forEach(AtomicFile::putInPlace);
        files.stream()
                .map(file -> file.target.toAbsolutePath().getParent())
                .distinct()
                .forEach(AtomicFile::forceFolder);
    }

    private void force() {
        try {
            writeBack.finish();
            channel.force(true);
        } catch (IOException e) {
            throw FormatException.unwritable(target, e);
        }
    }

    private void putInPlace() {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            committed = true;
            UNFINISHED.remove(temporary);
            // Not before: the open channel holds the lock by which others see that the file is not left over.
            channel.close();
        } catch (IOException e) {
            throw FormatException.unwritable(target, e);
        }
    }

    /** Makes a rename durable, where the platform lets a folder be opened. */
    private static void forceFolder(Path folder) {
        try (FileChannel handle = FileChannel.open(folder, StandardOpenOption.READ)) {
            handle.force(true);
        } catch (IOException e) {
            // Windows cannot open a folder; there the rename itself is journalled.
        }
    }

    @Override
    public void close() {
        writeBack.abandon();
        try {
            channel.close();
            if (!committed) {
                Files.deleteIfExists(temporary);
                UNFINISHED.remove(temporary);
            }
        } catch (IOException e) {
            throw FormatException.unwritable(target, e);
        }
    }
}
