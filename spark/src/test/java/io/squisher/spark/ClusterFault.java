package io.squisher.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Passes a number on, and the first time that it is a certain one does something to the process or the task.
 *
 * @param marker a file that is made when it strikes, so that it does so once
 */
record ClusterFault(Kind kind, long number, String marker) implements UDF1<Long, Long> {
    enum Kind {
        NONE,
        /** The executor is gone at once. */
        HALT,
        /** The task goes on when another attempt was faster. */
        STRAGGLE,
        /** The worker process is gone, and its executor with it: one is left. */
        KILL_WORKER
    }

    @Override
    public Long call(Long value) throws InterruptedException {
        if (kind != Kind.NONE && value == number && isFirst()) {
            switch (kind) {
                case HALT -> Runtime.getRuntime().halt(137);
                case KILL_WORKER -> {
                    ProcessHandle.current().parent().orElseThrow().destroyForcibly();
                    new CountDownLatch(1).await();
                }
                default -> new CountDownLatch(1).await();
            }
        }
        return value;
    }

    private boolean isFirst() {
        try {
            Files.createFile(Path.of(marker));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
