package io.squisher.tensor;

import io.squisher.Counted;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A tensor in memory, on the heap or mapped. */
record BufferTensor(ElementType type, Shape shape, ByteBuffer bytes) implements Tensor {
    /** As many values stand in the text of a tensor. */
    private static final int SHOWN = 6;

    BufferTensor {
        long expected = shape.size() * type.bytes();
        if (bytes.capacity() != expected) {
            throw new IllegalArgumentException("a tensor of " + type + shape + " has " + Counted.of(expected, "byte")
                    + ", not " + bytes.capacity());
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

    /** As {@code F32[2, 3] 0.5, 1.0, 2.0, 3.0, …}: values that are here anyway tell more than a shape. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(type + shape.toString());
        for (int i = 0; i < Math.min(SHOWN, size()); i++) {
            int at = i * type.bytes();
            text.append(i == 0 ? " " : ", ")
                    .append(
                            type.isFloating()
                                    ? Double.toString(type.getDouble(bytes, at))
                                    : Long.toString(type.getLong(bytes, at)));
        }
        return text.append(size() > SHOWN ? ", …" : "").toString();
    }
}
