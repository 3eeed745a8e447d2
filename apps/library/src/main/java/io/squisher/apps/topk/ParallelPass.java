package io.squisher.apps.topk;

import io.squisher.files.Daemons;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One pass over all elements of some tensors by several threads, each with a collector of its own. */
final class ParallelPass {
    /** Elements that a thread takes at a time. */
    private static final int RANGE = 1 << 20;

    private ParallelPass() {}

    /** Takes in elements, one range after the other, the ranges in no certain order. */
    @FunctionalInterface
    interface Collector {
        /**
         * Takes in some elements.
         *
         * @param range the place of their range in the list of ranges
         */
        void add(int range, double[] values, int count);
    }

    /** The elements of a tensor from {@code start} to before {@code end}. */
    record Range(String name, Tensor tensor, long start, long end) {}

    /** All elements of some tensors, in order. */
    static List<Range> ranges(Map<String, Tensor> tensors) {
        List<Range> ranges = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            for (long start = 0; start < tensor.size(); start += RANGE) {
                ranges.add(new Range(name, tensor, start, Math.min(tensor.size(), start + RANGE)));
            }
        });
        return ranges;
    }

    /** Shows every element to one of the collectors that {@code supplier} makes, and returns the collectors. */
    static <C extends Collector> List<C> run(List<Range> ranges, Supplier<C> supplier) {
        int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), ranges.size()));
        ExecutorService executor = Daemons.pool("scores", threads);
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<C>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> collect(ranges, next, supplier.get())));
            }
            List<C> collectors = new ArrayList<>();
            for (Future<C> future : futures) {
                collectors.add(future.get());
            }
            return collectors;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private static <C extends Collector> C collect(List<Range> ranges, AtomicInteger next, C collector) {
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        double[] chunk = new double[ChunkReader.DEFAULT_ELEMENTS];
        int index;
        while ((index = next.getAndIncrement()) < ranges.size()) {
            Range range = ranges.get(index);
            for (long start = range.start; start < range.end; ) {
                int most = (int) Math.min(chunk.length, range.end - start);
                int count = reader.read(range.tensor, start, chunk, 0, most);
                collector.add(index, chunk, count);
                start += count;
            }
        }
        return collector;
    }
}
