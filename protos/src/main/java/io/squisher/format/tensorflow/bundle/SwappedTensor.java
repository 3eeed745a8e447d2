package io.squisher.format.tensorflow.bundle;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;

/** A tensor whose stored elements have their highest byte first. */
record SwappedTensor(Tensor stored) implements Tensor {
    @Override
    public ElementType type() {
        return stored.type();
    }

    @Override
    public Shape shape() {
        return stored.shape();
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

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
