package io.squisher.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A tensor in memory, on the heap or mapped. */
record BufferTensor(ElementType type, Shape shape, ByteBuffer bytes) implements Tensor {
    BufferTensor {
        long expected = shape.size() * type.bytes();
        if (bytes.capacity() != expected) {
            throw new IllegalArgumentException(
                    "a tensor of " + type + shape + " has " + expected + " bytes, not " + bytes.capacity());
        }
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int count = target.remaining();
        target.put(target.position(), bytes, Math.toIntExact(offset), count);
        target.position(target.position() + count);
    }

    @Override
    public Optional<ByteBuffer> view(long offset, int length) {
        return Optional.of(bytes.slice(Math.toIntExact(offset), length).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Without a copy. */
    @Override
    public ByteBuffer toBytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
