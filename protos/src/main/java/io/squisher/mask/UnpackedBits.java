package io.squisher.mask;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;

/** The zeros and ones that {@link PackedBits} packed, a byte each; unpacked as they are read. */
record UnpackedBits(Tensor packed, Shape shape) implements Tensor {
    private static final int PIECE = 1 << 13;

    @Override
    public ElementType type() {
        return ElementType.U8;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        ByteBuffer bytes = ByteBuffer.allocate(PIECE);
        for (long at = offset; target.hasRemaining(); ) {
            long last = Math.min(at + target.remaining(), at / 8 * 8 + 8L * PIECE);
            bytes.clear().limit((int) ((last + 7) / 8 - at / 8));
            packed.readBytes(at / 8, bytes);
            int first = (int) (at % 8);
            for (int i = 0; i < last - at; i++) {
                target.put((byte) (bytes.get((first + i) / 8) >> (first + i) % 8 & 1));
            }
            at = last;
        }
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
