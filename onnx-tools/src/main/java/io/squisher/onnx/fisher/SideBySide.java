package io.squisher.onnx.fisher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Does several things at the same time, on threads that are kept until it is closed. */
final class SideBySide implements AutoCloseable {
    private final ExecutorService others = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "squisher-lane");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Does all of them, the first on the caller's thread. It returns when none runs any more.
     *
     * @return what came out, in the order of the tasks
     * @throws RuntimeException the failure of the first task that has one
     */
    <T> List<T> run(List<Supplier<T>> tasks) {
        List<CompletableFuture<T>> running = new ArrayList<>();
        tasks.subList(1, tasks.size()).forEach(task -> running.add(CompletableFuture.supplyAsync(task, others)));
        running.add(0, CompletableFuture.supplyAsync(tasks.get(0), Runnable::run));
        CompletableFuture<Void> all = CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
        all.handle((nothing, failure) -> failure).join();
        List<T> results = new ArrayList<>();
        running.forEach(task -> results.add(result(task)));
        return results;
    }

    private static <T> T result(CompletableFuture<T> task) {
        try {
            return task.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
