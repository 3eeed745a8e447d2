package io.squisher.files;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was opened so far where opening the whole fails:
 *
 * <pre>{@code
 * try (Opening opening = new Opening()) {
 *     ZipArchive archive = opening.add(ZipArchive.open(path));
 *     return opening.keep(new TorchFile(archive, read(archive)));
 * }
 * }</pre>
 */
public final class Opening implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Closes {@code resource} with this object, unless {@link #keep} comes first. */
    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Leaves everything open: {@code whole}, which is returned, closes it from now on. */
    public <T> T keep(T whole) {
        opened.clear();
        return whole;
    }

    /** Closes what was added, the last first. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                // The failure that led here says more.
            }
        }
    }
}
