package io.squisher.mask;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;

/**
 * The elements of a tensor of zeros and ones, eight to a byte, the first in the lowest bit (numpy's
 * {@code unpackbits(bitorder="little")}). Packed as it is read.
 */
record PackedBits(Tensor zeroOnes) implements Tensor {
    @Override
    public ElementType type() {
        return ElementType.U8;
    }

    @Override
    public Shape shape() {
        return Shape.of((zeroOnes.size() + 7) / 8);
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        double[] chunk = new double[ChunkReader.DEFAULT_ELEMENTS];
        for (long start = offset * 8; target.hasRemaining(); ) {
            int wanted = (int) Math.min(chunk.length, 8L * target.remaining());
            int count = 0;
            for (int read = 1; read > 0 && count < wanted; count += read) {
                read = reader.read(zeroOnes, start + count, chunk, count, wanted - count);
            }
            for (int i = 0; i < count; i += 8) {
                target.put(pack(chunk, i, Math.min(8, count - i)));
            }
            start += count;
        }
    }

    private static byte pack(double[] values, int at, int count) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= values[at + i] == 0 ? 0 : 1 << i;
        }
        return (byte) bits;
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
