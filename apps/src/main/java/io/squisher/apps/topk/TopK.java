package io.squisher.apps.topk;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Finds the k largest scores by histograms over the bits of the numbers: non-negative floating-point numbers are ordered
 * as their bits are. The first pass counts by the upper 21 bits, the next only within the bucket where the k-th largest
 * lies, by the following 21, and so on until
 * the bucket is wanted whole or holds one value; two passes nearly always do. Nothing but the
 * counts is kept, so the memory does not depend on the number of scores.
 */
public final class TopK {
    private static final int DIGIT_BITS = 21;
    private static final int BUCKETS = 1 << DIGIT_BITS;

    private TopK() {}

    /**
     * Selects the {@code k} largest. Ties for the last places go to earlier tensors and, within one, lower indices.
     *
     * @param scores by name, not negative; NaN is not allowed
     * @param k 0 to the number of scores
     */
    public static Selection select(Map<String, Tensor> scores, long k) {
        long total = scores.values().stream().mapToLong(Tensor::size).sum();
        if (k < 0 || k > total) {
            throw new IllegalArgumentException("the " + k + " largest of " + total);
        }
        if (k == 0) {
            return Selection.none(scores);
        }
        Bucket bucket = new Bucket(0, 3 * DIGIT_BITS, k, total);
        while (bucket.wanted < bucket.count && bucket.shift > 0) {
            bucket = narrowed(scores, bucket);
        }
        double threshold = Double.longBitsToDouble(bucket.prefix << bucket.shift);
        return bucket.wanted == bucket.count
                ? Selection.atLeast(scores, threshold)
                : boundary(scores, threshold, bucket.wanted);
    }

    /**
     * The scores whose bits start like {@code prefix}.
     *
     * @param shift how many lower bits are open
     * @param wanted how many of them are among the k largest
     * @param count how many there are
     */
    private record Bucket(long prefix, int shift, long wanted, long count) {}

    private static Bucket narrowed(Map<String, Tensor> scores, Bucket bucket) {
        int shift = bucket.shift - DIGIT_BITS;
        List<Histogram> parts =
                ParallelPass.run(scores.values(), () -> new Histogram(bucket.prefix, bucket.shift, shift));
        Histogram all = parts.get(0);
        parts.subList(1, parts.size()).forEach(all::add);
        long wanted = bucket.wanted;
        int digit = BUCKETS - 1;
        while (all.counts[digit] < wanted) {
            wanted -= all.counts[digit];
            digit--;
        }
        long prefix = bucket.prefix << DIGIT_BITS | digit;
        return new Bucket(prefix, shift, wanted, all.counts[digit]);
    }

    private static final class Histogram implements ParallelPass.Collector {
        final long[] counts = new long[BUCKETS];
        private final long prefix;
        private final int prefixShift;
        private final int shift;

        Histogram(long prefix, int prefixShift, int shift) {
            this.prefix = prefix;
            this.prefixShift = prefixShift;
            this.shift = shift;
        }

        @Override
        public void add(double[] values, int count) {
            for (int i = 0; i < count; i++) {
                long bits = Double.doubleToRawLongBits(values[i]);
                if (bits >>> prefixShift == prefix) {
                    counts[(int) (bits >>> shift) & BUCKETS - 1]++;
                }
            }
        }

        void add(Histogram other) {
            for (int i = 0; i < BUCKETS; i++) {
                counts[i] += other.counts[i];
            }
        }
    }

    /** Finds the last of the ties that is still among the k largest. */
    private static Selection boundary(Map<String, Tensor> scores, double threshold, long wanted) {
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        double[] chunk = new double[ChunkReader.DEFAULT_ELEMENTS];
        long left = wanted;
        for (Map.Entry<String, Tensor> entry : scores.entrySet()) {
            int count;
            for (long start = 0; (count = reader.read(entry.getValue(), start, chunk)) > 0; start += count) {
                for (int i = 0; i < count; i++) {
                    if (chunk[i] == threshold && --left == 0) {
                        return Selection.upTo(scores, threshold, new Selection.Place(entry.getKey(), start + i));
                    }
                }
            }
        }
        throw new IllegalStateException("the scores changed while they were read");
    }
}
