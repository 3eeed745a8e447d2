package io.squisher.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Passes over the raw bytes of tensors through one kept buffer. Not for several threads at once. */
public final class TensorBytes {
    private static final int PIECE = 1 << 20;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);

    /** Calls {@code consumer} with piece after piece of the tensor's bytes; a piece is valid only during the call. */
    public void forEachPiece(Tensor tensor, Consumer<ByteBuffer> consumer) {
        long total = tensor.byteSize();
        for (long at = 0; at < total; at += PIECE) {
            buffer.clear().limit((int) Math.min(PIECE, total - at));
            tensor.readBytes(at, buffer);
            buffer.flip();
            consumer.accept(buffer);
        }
    }
}
