package io.squisher.examples.benchmarks;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Random;

/** A float32 tensor of positive noise that repeats after a megabyte: it costs nothing to make, and does not compress. */
record Noise(Shape shape) implements Tensor {
    private static final ByteBuffer PIECE = piece();

    private static ByteBuffer piece() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(1);
        while (bytes.hasRemaining()) {
            bytes.putFloat(random.nextFloat());
        }
        return bytes.flip();
    }

    /** Writes so many bytes of it. */
    static void write(FileChannel channel, long bytes) throws IOException {
        ByteBuffer piece = PIECE.duplicate();
        for (long left = bytes; left > 0; left -= piece.limit()) {
            piece.clear().limit((int) Math.min(piece.capacity(), left));
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        }
    }

    @Override
    public ElementType type() {
        return ElementType.F32;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        long at = offset;
        while (target.hasRemaining()) {
            int from = (int) (at % PIECE.capacity());
            int count = Math.min(target.remaining(), PIECE.capacity() - from);
            target.put(target.position(), PIECE, from, count);
            target.position(target.position() + count);
            at += count;
        }
    }
}
