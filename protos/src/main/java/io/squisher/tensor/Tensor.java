package io.squisher.tensor;

import io.squisher.SquisherException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A read-only tensor: elements in row-major order, little-endian. It may live on the heap, in a file, or be computed as
 * it is read; nothing here needs the whole of it in memory except the {@code to…} methods.
 *
 * <p>Reading is safe from several threads.
 */
public interface Tensor {
    ElementType type();

    Shape shape();

    /** Fills {@code target} from byte {@code offset} of the elements on; as many bytes as {@code target} has left. */
    void readBytes(long offset, ByteBuffer target);

    /**
     * {@code length} bytes from byte {@code offset} of the elements on, where they lie; empty where reading them means copying
     * them. What is written to the view's memory by its owner shows.
     */
    default Optional<ByteBuffer> view(long offset, int length) {
        return Optional.empty();
    }

    /** Number of elements. */
    default long size() {
        return shape().size();
    }

    /** Number of bytes of all elements. */
    default long byteSize() {
        return size() * type().bytes();
    }

    /** All elements as raw little-endian bytes, position 0. */
    default ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(arrayLength(byteSize())).order(ByteOrder.LITTLE_ENDIAN);
        readBytes(0, bytes);
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All elements as floats (float64 is rounded). */
    default float[] toFloats() {
        float[] values = new float[arrayLength(size())];
        if (type() == ElementType.F32 && byteSize() < Integer.MAX_VALUE - 8) {
            toBytes().asFloatBuffer().get(values);
        } else {
            ChunkReader.upTo(size()).forEach(this, (i, value) -> values[(int) i] = (float) value);
        }
        return values;
    }

    /** All elements as doubles. */
    default double[] toDoubles() {
        double[] values = new double[arrayLength(size())];
        ChunkReader.upTo(size()).forEach(this, (i, value) -> values[(int) i] = value);
        return values;
    }

    /** All elements as integers (floating-point values are truncated). */
    default long[] toLongs() {
        ByteBuffer bytes = toBytes();
        long[] values = new long[bytes.remaining() / type().bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type().getLong(bytes, i * type().bytes());
        }
        return values;
    }

    private int arrayLength(long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new SquisherException(
                    "a tensor of " + type() + shape() + " is too large to be in memory at once: read it in pieces");
        }
        return (int) length;
    }

    static Tensor of(Shape shape, float... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new BufferTensor(ElementType.F32, shape, bytes);
    }

    static Tensor of(Shape shape, double... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(values.length, 8)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return new BufferTensor(ElementType.F64, shape, bytes);
    }

    static Tensor of(Shape shape, long... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(values.length, 8)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return new BufferTensor(ElementType.I64, shape, bytes);
    }

    /** A tensor over the remaining bytes of {@code bytes}, which must not change afterwards. */
    static Tensor of(ElementType type, Shape shape, ByteBuffer bytes) {
        return new BufferTensor(type, shape, bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    }
}
