package io.squisher.onnx.fisher;

import io.squisher.onnx.runtime.RuntimeSettings;

/**
 * How a graph shares the processor: so many parts of a batch side by side. On one thread each operator runs without waiting for
 * others to finish their share of it, and what it wrote is still in the cache of that core.
 *
 * @param count parts of a batch
 * @param threads of the pool that each part takes its operators to, itself included; 0 for one a core
 */
record Lanes(int count, int threads) {
    /** Fewer examples are not worth a lane: weights are read, and sums written, once for all examples of one. */
    private static final int LEAST_EXAMPLES = 4;

    /** With more, an example is so small, and an operator over all of them so long, that threads hardly wait for each other. */
    private static final int MOST_EXAMPLES = 256;

    /** Memory that lanes may take for sums of their own, beside those of the first. */
    private static final long MOST_BYTES = 256L << 20;

    /**
     * As many lanes as threads, if there are examples and memory for them. A GPU runs one thing at a time.
     *
     * @param batchSize examples at once, of all lanes
     * @param sumBytes what one lane returns of a run
     */
    static Lanes of(RuntimeSettings settings, int batchSize, long sumBytes) {
        int threads = settings.cores();
        long most = Math.min(batchSize / LEAST_EXAMPLES, 1 + MOST_BYTES / Math.max(1, sumBytes));
        int count = (int) Math.min(threads, most);
        return settings.isOnProcessor() && count > 1 && batchSize <= (long) count * MOST_EXAMPLES
                ? new Lanes(count, threads - count + 1)
                : new Lanes(1, settings.threads());
    }
}
