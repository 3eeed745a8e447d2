package io.squisher.apps.topk;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the k largest scores by histograms over the bits of the numbers: non-negative floating-point numbers are ordered
 * as their bits are. The first pass counts by the upper 21 bits, the next only within the bucket where the k-th largest
 * lies, by the following 21, and so on until the bucket is wanted whole or holds one value; two passes nearly always do.
 * Nothing but the counts is kept, so the memory does not depend on the number of scores.
 */
public final class TopK {
    private static final int DIGIT_BITS = 21;
    private static final int BUCKETS = 1 << DIGIT_BITS;

    /** Lower bits of a double that are 0 where it was a float32 or narrower. */
    private static final int BELOW_FLOAT = 52 - 23;

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
        List<ParallelPass.Range> ranges = ParallelPass.ranges(scores);
        boolean narrow = scores.values().stream().noneMatch(score -> score.type() == ElementType.F64);
        Bucket bucket = new Bucket(0, 3 * DIGIT_BITS, k, total, Optional.empty());
        while (bucket.wanted < bucket.count && bucket.shift > (narrow ? BELOW_FLOAT : 0)) {
            bucket = narrowed(ranges, bucket);
        }
        double threshold = Double.longBitsToDouble(bucket.prefix << bucket.shift);
        return bucket.wanted == bucket.count
                ? Selection.atLeast(scores, threshold)
                : Selection.upTo(scores, threshold, lastOfTies(ranges, threshold, bucket));
    }

    /**
     * The scores whose bits start like {@code prefix}.
     *
     * @param shift how many lower bits are open
     * @param wanted how many of them are among the k largest
     * @param count how many there are
     * @param inRanges how many there are in each range, where that is known
     */
    private record Bucket(long prefix, int shift, long wanted, long count, Optional<long[]> inRanges) {}

    private static Bucket narrowed(List<ParallelPass.Range> ranges, Bucket bucket) {
        int shift = bucket.shift - DIGIT_BITS;
        long[] inRanges = new long[ranges.size()];
        List<Histogram> parts = ParallelPass.run(ranges, () -> new Histogram(bucket, shift, inRanges));
        Histogram all = parts.get(0);
        parts.subList(1, parts.size()).forEach(all::add);
        long wanted = bucket.wanted;
        int digit = BUCKETS - 1;
        while (all.counts[digit] < wanted) {
            wanted -= all.counts[digit];
            digit--;
        }
        long prefix = bucket.prefix << DIGIT_BITS | digit;
        // If all are in this part of the bucket, what was counted in the ranges is of this part.
        boolean whole = all.counts[digit] == bucket.count;
        return new Bucket(prefix, shift, wanted, all.counts[digit], whole ? Optional.of(inRanges) : Optional.empty());
    }

    private static final class Histogram implements ParallelPass.Collector {
        final long[] counts = new long[BUCKETS];
        private final Bucket bucket;
        private final int shift;
        private final long[] inRanges;

        /** Counts by the bits above {@code shift}, and the ranges' members; a range has one thread. */
        Histogram(Bucket bucket, int shift, long... inRanges) {
            this.bucket = bucket;
            this.shift = shift;
            this.inRanges = inRanges;
        }

        @Override
        public void add(int range, double[] values, int count) {
            long prefix = bucket.prefix;
            int prefixShift = bucket.shift;
            int members = 0;
            for (int i = 0; i < count; i++) {
                long bits = Double.doubleToRawLongBits(values[i]);
                if (bits >>> prefixShift == prefix) {
                    counts[(int) (bits >>> shift) & BUCKETS - 1]++;
                    members++;
                }
            }
            inRanges[range] += members;
        }

        void add(Histogram other) {
            for (int i = 0; i < BUCKETS; i++) {
                counts[i] += other.counts[i];
            }
        }
    }

    /** Finds the last of the ties that is still among the k largest: counted in all ranges, then sought in one. */
    private static Selection.Place lastOfTies(List<ParallelPass.Range> ranges, double threshold, Bucket bucket) {
        long[] ties = bucket.inRanges.orElseGet(() -> countTies(ranges, threshold));
        long left = bucket.wanted;
        int range = 0;
        while (ties[range] < left) {
            left -= ties[range++];
        }
        return tie(ranges.get(range), threshold, left);
    }

    private static long[] countTies(List<ParallelPass.Range> ranges, double threshold) {
        long[] ties = new long[ranges.size()];
        ParallelPass.<ParallelPass.Collector>run(ranges, () -> (range, values, count) -> {
            int found = 0;
            for (int i = 0; i < count; i++) {
                found += values[i] == threshold ? 1 : 0;
            }
            ties[range] += found;
        });
        return ties;
    }

    /** The place of a range's {@code number}-th tie, from 1. */
    private static Selection.Place tie(ParallelPass.Range range, double threshold, long number) {
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        double[] chunk = new double[ChunkReader.DEFAULT_ELEMENTS];
        long left = number;
        int count;
        for (long start = range.start(); (count = reader.read(range.tensor(), start, chunk)) > 0; start += count) {
            for (int i = 0; i < count; i++) {
                if (chunk[i] == threshold && --left == 0) {
                    return new Selection.Place(range.name(), start + i);
                }
            }
        }
        throw new IllegalStateException("the scores changed while they were read");
    }
}
