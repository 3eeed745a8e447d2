package io.squisher.mask;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;

/** 1 where the bytes of an element differ between two tensors of one type and shape, else 0. */
record DifferenceMask(Tensor a, Tensor b) implements Tensor {
    private static final int PIECE = 1 << 14;

    @Override
    public ElementType type() {
        return ElementType.U8;
    }

    @Override
    public Shape shape() {
        return a.shape();
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int width = a.type().bytes();
        ByteBuffer bytesA = ByteBuffer.allocate(PIECE * width);
        ByteBuffer bytesB = ByteBuffer.allocate(PIECE * width);
        for (long at = offset; target.hasRemaining(); ) {
            int count = Math.min(PIECE, target.remaining());
            a.readBytes(at * width, bytesA.clear().limit(count * width));
            b.readBytes(at * width, bytesB.clear().limit(count * width));
            for (int i = 0; i < count; i++) {
                boolean equal = true;
                for (int k = i * width; k < (i + 1) * width; k++) {
                    equal &= bytesA.get(k) == bytesB.get(k);
                }
                target.put((byte) (equal ? 0 : 1));
            }
            at += count;
        }
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
