package io.squisher.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The names under which files are written, {@code .NAME.<uuid>.tmp}, and what killed processes left under them.
 *
 * <p>Whoever writes such a file holds a lock on it from its creation until it has its final name. The operating system drops
 * the lock when the process ends, however it ends. A file that another process can lock is therefore left over, and is removed
 * under that lock. Two races remain, and both end well: a writer whose new file is looked at before it has its lock either
 * does not get the lock or finds its file gone, and begins again under another name ({@link #claim}). Files of this process
 * are known by name and are not touched, because closing a second channel would drop the first one's lock on POSIX systems.
 *
 * <p>Where a file system has no locks, nothing is removed. Where it keeps them for each machine alone, two machines that write
 * the same name at once may remove each other's unfinished file; that one then fails with a message and replaces nothing.
 */
final class TemporaryFiles {
    /** Beyond the end of any file, so that mandatory locks of Windows hinder no reader. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private TemporaryFiles() {}

    /** A new name for what will be {@code target}. */
    static Path newName(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /**
     * What the file system says against the names on the way to {@code path}, an absolute one, of which the end need not exist;
     * empty if it has nothing against them. Each name is asked for in a folder that exists: behind one that does not, nothing is
     * said of the length.
     */
    static Optional<String> problemOf(Path path) {
        Path existing = path;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        List<Path> asked = new ArrayList<>(List.of(path));
        for (Path name : existing.relativize(path)) {
            asked.add(existing.resolve(name));
        }
        for (Path place : asked) {
            try {
                Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                // A new name, as names of outputs are.
            } catch (FileSystemException e) {
                if (e.getReason() != null) {
                    return Optional.of("its name does not do (" + e.getReason() + "); give another one");
                }
            } catch (IOException e) {
                // Whoever writes there finds out.
            }
        }
        return Optional.empty();
    }

    /**
     * Marks a file that was just created as being written, until its channel is closed.
     *
     * @return whether it is ours; otherwise another process took it for left over, and it is to be given up
     */
    static boolean claim(Path temporary, FileChannel channel) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null && Files.exists(temporary);
        } catch (IOException e) {
            // No locks here: nobody can take it away either.
            return true;
        }
    }

    /**
     * Removes what killed processes left of {@code target}. What cannot be removed stays: writing does not need it gone.
     *
     * @param target an absolute path
     * @param ours the unfinished files of this process
     */
    static void removeLeftovers(Path target, Collection<Path> ours) {
        Pattern name = Pattern.compile(
                "\\." + Pattern.quote(target.getFileName().toString()) + "\\." + UUID_PATTERN + "\\.tmp");
        DirectoryStream.Filter<Path> leftOver =
                file -> name.matcher(file.getFileName().toString()).matches()
                        && ours.stream().noneMatch(own -> own.getFileName().equals(file.getFileName()));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target.getParent(), leftOver)) {
            for (Path file : files) {
                removeIfNobodyWrites(file);
            }
        } catch (IOException | RuntimeException e) {
            // The folder cannot be listed; whether it can be written is found out next.
        }
    }

    private static void removeIfNobodyWrites(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false)) {
            if (lock != null) {
                Files.delete(file);
            }
        } catch (OverlappingFileLockException e) {
            // Written by this process, from another class loader.
        }
    }
}
