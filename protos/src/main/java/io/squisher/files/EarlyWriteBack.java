package io.squisher.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;

/**
 * Sends what was written to the disk while more is written, so that forcing the file at its end has little left to do.
 * A failure of the disk is kept until the end: the operating system reports it only once.
 */
final class EarlyWriteBack {
    private static final long STRIDE = 32 << 20;
    private static final ExecutorService POOL = Daemons.pool("write-back");

    private final FileChannel channel;
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private long waiting;

    EarlyWriteBack(FileChannel channel) {
        this.channel = channel;
    }

    /** So many bytes more are in the operating system's hands. */
    void written(int bytes) {
        waiting += bytes;
        if (waiting >= STRIDE && running.isDone()) {
            start();
        }
    }

    /** Sends what is there now, after what is on its way; nothing after a failure. */
    void start() {
        waiting = 0;
        running = running.thenRunAsync(this::force, POOL);
    }

    /**
     * Waits until nothing is on its way.
     *
     * @throws IOException if the disk failed on the way
     */
    void finish() throws IOException {
        try {
            running.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException failure
                    ? failure.getCause()
                    : new IOException(e.getCause());
        }
    }

    /** Waits as well; that the disk failed no longer matters. */
    void abandon() {
        running.handle((done, failure) -> done).join();
    }

    private void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
