package io.squisher.format.onnx;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;

/**
 * Codes of 4 bits as ONNX stores them: two to a byte, the first in the lower half, packed as they are read.
 */
final class PackedCodes implements Tensor {
    private static final int PIECE = 1 << 16;

    private final Tensor codes;
    private final Shape shape;

    /** Packs codes of one byte each. */
    PackedCodes(Tensor codes) {
        this.codes = codes;
        this.shape = Shape.of((codes.size() + 1) / 2);
    }

    @Override
    public ElementType type() {
        return ElementType.U8;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        ByteBuffer piece = ByteBuffer.allocate(2 * Math.min(PIECE, Math.max(1, target.remaining())));
        for (long at = offset; target.hasRemaining(); ) {
            int bytes = Math.min(PIECE, target.remaining());
            int count = (int) Math.min(2L * bytes, codes.size() - 2 * at);
            piece.clear().limit(count);
            codes.readBytes(2 * at, piece);
            for (int i = 0; i < bytes; i++) {
                int second = 2 * i + 1 < count ? piece.get(2 * i + 1) : 0;
                target.put((byte) (piece.get(2 * i) & 0xf | second << 4));
            }
            at += bytes;
        }
    }

    @Override
    public String toString() {
        return "4-bit codes of " + codes.shape();
    }
}
