package io.squisher.mask;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The places of the ones in a mask, countable from anywhere: how many ones precede each block is kept, 8 bytes for 65,536
 * elements.
 */
final class MaskedElements {
    private static final int BLOCK = 1 << 16;

    private final Tensor mask;
    private final long[] before;

    /** Counts the ones of {@code mask}, a tensor of zeros and ones in unsigned bytes. */
    MaskedElements(Tensor mask) {
        this.mask = mask;
        int blocks = Math.toIntExact((mask.size() + BLOCK - 1) / BLOCK);
        this.before = new long[blocks + 1];
        byte[] bits = new byte[BLOCK];
        for (int block = 0; block < blocks; block++) {
            int count = read(block, bits);
            long ones = 0;
            for (int i = 0; i < count; i++) {
                ones += bits[i];
            }
            before[block + 1] = before[block] + ones;
        }
    }

    long count() {
        return before[before.length - 1];
    }

    private int read(int block, byte[] bits) {
        int count = (int) Math.min(BLOCK, mask.size() - (long) block * BLOCK);
        mask.readBytes((long) block * BLOCK, ByteBuffer.wrap(bits, 0, count));
        return count;
    }

    /** The elements of {@code whole} at the mask's ones, as a vector; gathered as it is read. */
    Tensor gather(Tensor whole) {
        return new Gathered(this, whole);
    }

    /** {@code base} with {@code values} at the mask's ones; put together as it is read. */
    Tensor scatter(Tensor base, Tensor values) {
        return new Scattered(this, base, values);
    }

    private record Gathered(MaskedElements places, Tensor whole) implements Tensor {
        @Override
        public ElementType type() {
            return whole.type();
        }

        @Override
        public Shape shape() {
            return Shape.of(places.count());
        }

        @Override
        public void readBytes(long offset, ByteBuffer target) {
            int width = type().bytes();
            byte[] bits = new byte[BLOCK];
            ByteBuffer block = ByteBuffer.allocate(BLOCK * width);
            long wanted = offset / width;
            int index = Arrays.binarySearch(places.before, wanted);
            // Of blocks without ones, which share a count, any is right: the loop below passes over them.
            for (int b = index < 0 ? -index - 2 : index; target.hasRemaining(); b++) {
                int count = places.read(b, bits);
                whole.readBytes((long) b * BLOCK * width, block.clear().limit(count * width));
                long rank = places.before[b];
                for (int i = 0; i < count && target.hasRemaining(); i++) {
                    if (bits[i] != 0 && rank++ >= wanted) {
                        target.put(block.array(), i * width, width);
                    }
                }
            }
        }

        @Override
        public String toString() {
            return type() + shape().toString();
        }
    }

    private record Scattered(MaskedElements places, Tensor base, Tensor values) implements Tensor {
        @Override
        public ElementType type() {
            return base.type();
        }

        @Override
        public Shape shape() {
            return base.shape();
        }

        @Override
        public void readBytes(long offset, ByteBuffer target) {
            int width = type().bytes();
            byte[] bits = new byte[BLOCK];
            ByteBuffer block = ByteBuffer.allocate(BLOCK * width);
            ByteBuffer changed = ByteBuffer.allocate(BLOCK * width);
            while (target.hasRemaining()) {
                int b = Math.toIntExact(offset / width / BLOCK);
                int count = places.read(b, bits);
                long blockStart = (long) b * BLOCK * width;
                base.readBytes(blockStart, block.clear().limit(count * width));
                long first = places.before[b];
                changed.clear().limit((int) (places.before[b + 1] - first) * width);
                values.readBytes(first * width, changed);
                changed.flip();
                for (int i = 0; i < count; i++) {
                    if (bits[i] != 0) {
                        changed.get(block.array(), i * width, width);
                    }
                }
                int skip = (int) (offset - blockStart);
                int length = Math.min(target.remaining(), count * width - skip);
                target.put(block.array(), skip, length);
                offset += length;
            }
        }

        @Override
        public String toString() {
            return type() + shape().toString();
        }
    }
}
