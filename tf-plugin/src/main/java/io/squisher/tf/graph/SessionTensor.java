package io.squisher.tf.graph;

import io.squisher.Counted;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TypedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.ndarray.buffer.DataStorageVisitor;

/**
 * A tensor in TensorFlow's memory, read where it lies. It is readable until the TensorFlow tensor is closed.
 *
 * <p>The tensor that a session returns for a reference variable IS the variable: later training steps change it. Whoever
 * keeps it beyond the next step needs {@link #copy()}.
 */
public final class SessionTensor extends TypedTensor {
    private final long address;

    private SessionTensor(ElementType type, Shape shape, long address) {
        super(type, shape);
        this.address = address;
    }

    /** A view of {@code tensor}, which is called {@code name} in messages. */
    public static SessionTensor of(String name, org.tensorflow.Tensor tensor) {
        ElementType type = ElementTypes.of(tensor.dataType(), name);
        return new SessionTensor(
                type,
                Shape.of(tensor.shape().asArray()),
                tensor.asRawTensor().data().accept(new Address()));
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        target.put(bytes(offset, target.remaining()));
    }

    @Override
    public Optional<ByteBuffer> view(long offset, int length) {
        return Optional.of(bytes(offset, length));
    }

    private ByteBuffer bytes(long offset, int length) {
        if (offset < 0 || length > byteSize() - offset) {
            throw new IndexOutOfBoundsException(
                    Counted.of(length, "byte") + " from " + offset + " on, of " + byteSize());
        }
        return length == 0
                ? ByteBuffer.allocate(0)
                : new Memory(address + offset, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Native memory that TensorFlow owns. */
    private static final class Memory extends Pointer {
        Memory(long address, long bytes) {
            this.address = address;
            this.limit = bytes;
            this.capacity = bytes;
        }

        /** Of an element, so that limit and capacity count bytes. */
        @Override
        public int sizeof() {
            return 1;
        }
    }

    /** Where a tensor's elements begin. TensorFlow Java's own copy into direct buffers goes byte by byte. */
    private static final class Address implements DataStorageVisitor<Long> {
        @Override
        public Long visit(long address, long length, long scale) {
            return address;
        }

        @Override
        public Long fallback() {
            throw new IllegalStateException("a tensor's elements are not in native memory");
        }
    }

    /** The same values in memory of our own. */
    public Tensor copy() {
        return Tensor.of(type(), shape(), toBytes());
    }
}
