package io.squisher.onnx.fisher;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * A few numbers that tell the Euclidean norm of a large tensor: each element is added, with a random sign, to one of
 * {@value #BUCKETS} sums (Charikar, Chen, Farach-Colton, "Finding frequent items in data streams", 2002). The squared norm of the sums
 * has the tensor's as its expectation, with a relative standard deviation of at most √(2 / {@value #BUCKETS}), 2.2 %; a tensor of no more
 * elements than sums is kept as it is. It is linear: the sketch of a difference is the difference of the sketches. So the norm of
 * what a piece of data added to a total is known without a second copy of the total.
 *
 * <p>Signs and sums depend on the element's index alone, and additions have a fixed order: the same tensor has the same sketch.
 */
final class NormSketch {
    static final int BUCKETS = 1 << 12;

    /** So many elements have their place together; as many such places are among the sums. */
    private static final int RUN = 64;

    /** So many elements are added one after the other; such blocks in parallel. */
    private static final int BLOCK = 1 << 19;

    private final long size;
    private final double[] sums;

    private NormSketch(long size) {
        this.size = size;
        this.sums = new double[(int) Math.min(size, BUCKETS)];
    }

    /** The sketch of an array. */
    static double[] of(double... values) {
        return sum(values.length, (block, sketch) -> {
            int start = (int) block.start();
            sketch.add(values, start, start, block.count());
        });
    }

    /** The sketch of a tensor, which is read piece by piece. */
    static double[] of(Tensor tensor) {
        return sum(tensor.size(), (block, sketch) -> {
            ChunkReader reader = ChunkReader.upTo(block.count());
            double[] chunk = new double[Math.min(block.count(), ChunkReader.DEFAULT_ELEMENTS)];
            for (int done = 0; done < block.count(); ) {
                int count = reader.read(tensor, block.start() + done, chunk, 0, block.count() - done);
                sketch.add(chunk, 0, block.start() + done, count);
                done += count;
            }
        });
    }

    /** The squared norm of what a sketch is of. */
    static double squaredNorm(double... sketch) {
        return squaredDistance(sketch, new double[sketch.length]);
    }

    /** The squared norm of the difference of what two sketches are of. */
    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    private record Block(long start, int count) {}

    private static double[] sum(long size, BiConsumer<Block, NormSketch> adder) {
        int blocks = Math.toIntExact((size + BLOCK - 1) / BLOCK);
        IntStream numbers = IntStream.range(0, blocks);
        List<NormSketch> parts = (blocks > 1 ? numbers.parallel() : numbers)
                .mapToObj(block -> {
                    NormSketch part = new NormSketch(size);
                    long start = (long) block * BLOCK;
                    adder.accept(new Block(start, (int) Math.min(BLOCK, size - start)), part);
                    return part;
                })
                .toList();
        NormSketch all = new NormSketch(size);
        for (NormSketch part : parts) {
            for (int i = 0; i < all.sums.length; i++) {
                all.sums[i] += part.sums[i];
            }
        }
        return all.sums;
    }

    /**
     * Adds elements.
     *
     * @param at where the first stands in {@code values}
     * @param index where it stands in the tensor
     */
    private void add(double[] values, int at, long index, int count) {
        if (size <= BUCKETS) {
            for (int i = 0; i < count; i++) {
                sums[(int) index + i] += values[at + i];
            }
            return;
        }
        for (int i = 0; i < count; ) {
            long run = (index + i) / RUN;
            int first = (int) ((index + i) % RUN);
            int end = Math.min(RUN, first + count - i);
            addRun(values, at + i - first, run, first, end);
            i += end - first;
        }
    }

    /**
     * Adds elements of one run: those share a random place among the sums, where they stand side by side from a random one on, and
     * have a bit each for their signs. So random numbers are drawn once for {@value #RUN} elements.
     *
     * @param at where the run's first element stands in {@code values}, or would
     */
    private void addRun(double[] values, int at, long run, int first, int end) {
        long place = mixed(run);
        long signs = mixed(place);
        int base = (int) (place >>> 58) * RUN;
        int turn = (int) (place >>> 52) & (RUN - 1);
        for (int i = first; i < end; i++) {
            long bits = Double.doubleToRawLongBits(values[at + i]) ^ (signs >>> i << 63);
            sums[base + (i + turn & RUN - 1)] += Double.longBitsToDouble(bits);
        }
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). */
    private static long mixed(long index) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
