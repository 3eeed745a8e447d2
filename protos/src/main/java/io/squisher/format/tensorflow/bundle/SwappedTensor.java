package io.squisher.format.tensorflow.bundle;

import io.squisher.tensor.Tensor;
import io.squisher.tensor.TypedTensor;
import java.nio.ByteBuffer;

/** A tensor whose stored elements have their highest byte first. */
final class SwappedTensor extends TypedTensor {
    private final Tensor stored;

    SwappedTensor(Tensor stored) {
        super(stored.type(), stored.shape());
        this.stored = stored;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int width = type().bytes();
        // Whole elements around the wanted bytes: a reader may start and end inside one.
        long first = offset / width * width;
        long end = (offset + target.remaining() + width - 1) / width * width;
        ByteBuffer elements = ByteBuffer.allocate(Math.toIntExact(end - first));
        stored.readBytes(first, elements);
        for (long at = offset; target.hasRemaining(); at++) {
            long element = at / width * width;
            target.put(elements.get((int) (element + width - 1 - at % width - first)));
        }
    }
}
