package io.squisher.onnx.fisher;

import io.squisher.Counted;
import io.squisher.onnx.runtime.OutOfMemoryException;
import java.util.function.Consumer;

/** As many examples at once as fit into memory: a run that does not is halved, and so are all that come after it. */
final class FittingBatch {
    private final Consumer<String> notices;
    private int size;

    /**
     * @param size examples of the first run
     * @param notices told that it was too many
     */
    FittingBatch(int size, Consumer<String> notices) {
        this.size = size;
        this.notices = notices;
    }

    /** Runs a graph. */
    @FunctionalInterface
    interface Run {
        /**
         * Over examples {@code from} to {@code from + rows}. It changes nothing before the graph has run.
         *
         * @throws OutOfMemoryException if these are too many
         */
        void of(long from, int rows);
    }

    /**
     * Goes over examples {@code from} to {@code from + count}, in as many runs as memory asks for.
     *
     * @throws OutOfMemoryException if a single example is too many
     */
    void over(long from, int count, Run run) {
        long end = from + count;
        for (long at = from; at < end; ) {
            int rows = (int) Math.min(size, end - at);
            try {
                run.of(at, rows);
                at += rows;
            } catch (OutOfMemoryException e) {
                if (rows == 1) {
                    throw e;
                }
                size = rows / 2;
                notices.accept("out of memory with " + Counted.of(rows, "example") + " at once, going on with " + size);
            }
        }
    }
}
