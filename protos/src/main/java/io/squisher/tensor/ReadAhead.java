package io.squisher.tensor;

import io.squisher.files.Daemons;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** The threads that prepare the next pieces of a tensor; one for each processor, shared by the whole process. */
final class ReadAhead {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** Pieces that are on their way at a time: one for each thread, and as many ready. */
    static final int PIECES = 2 * THREADS;

    private static final ExecutorService POOL = Daemons.pool(THREADS, Worker::new);

    private ReadAhead() {}

    static <T> CompletableFuture<T> start(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, POOL);
    }

    /** Whether the caller is such a thread, which must not wait for others of its kind. */
    static boolean isOneOfItsThreads() {
        return Thread.currentThread() instanceof Worker;
    }

    /** Does not keep the process alive. */
    private static final class Worker extends Thread {
        Worker(Runnable work) {
            super(work, "read-ahead");
            setDaemon(true);
        }
    }
}
