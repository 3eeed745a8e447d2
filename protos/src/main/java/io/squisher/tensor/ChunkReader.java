package io.squisher.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Reads tensors piece by piece through one kept buffer, widened to double. Not for several threads at once. */
public final class ChunkReader {
    /** A size at which reading costs little per call and stays in the processor's cache. */
    public static final int DEFAULT_ELEMENTS = 1 << 16;

    private final int elements;
    private final ByteBuffer buffer;
    private final FloatBuffer floats;
    private final float[] narrow;

    /** A reader of at most {@code elements} elements a piece. */
    public ChunkReader(int elements) {
        this.elements = elements;
        int bytes = Math.multiplyExact(elements, 8);
        // A direct buffer spares a copy but costs a system call and a collection to free: not worth it for small
        // tensors.
        this.buffer = (bytes < 1 << 16 ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes))
                .order(ByteOrder.LITTLE_ENDIAN);
        this.floats = buffer.asFloatBuffer();
        this.narrow = new float[elements];
    }

    /** A reader that is no larger than a tensor of {@code size} elements needs. */
    public static ChunkReader upTo(long size) {
        return new ChunkReader((int) Math.max(1, Math.min(size, DEFAULT_ELEMENTS)));
    }

    /** Receives an element: its index in row-major order, and its value. */
    @FunctionalInterface
    public interface ElementConsumer {
        void accept(long index, double value);
    }

    /**
     * Reads elements from {@code start} on into {@code target}, as many as fit, are left, and make one piece.
     *
     * @return how many were read; 0 at the end
     */
    public int read(Tensor tensor, long start, double[] target) {
        return read(tensor, start, target, 0, target.length);
    }

    /**
     * Reads at most {@code most} elements from {@code start} on into {@code target} from {@code at} on.
     *
     * @return how many were read; 0 at the end
     */
    public int read(Tensor tensor, long start, double[] target, int at, int most) {
        int count = (int) Math.min(Math.min(most, elements), tensor.size() - start);
        if (count <= 0) {
            return 0;
        }
        ElementType type = tensor.type();
        if (tensor instanceof ComputedTensor computed && type == ElementType.F64) {
            computed.readDoubles(start, count, target, at);
            return count;
        }
        buffer.clear().limit(count * type.bytes());
        tensor.readBytes(start * type.bytes(), buffer);
        switch (type) {
            case F32 -> {
                // One copy in bulk and a loop over arrays are faster than an access to the buffer for each element.
                floats.get(0, narrow, 0, count);
                for (int i = 0; i < count; i++) {
                    target[at + i] = narrow[i];
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    target[at + i] = buffer.getDouble(i * 8);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    target[at + i] = type.getDouble(buffer, i * type.bytes());
                }
            }
        }
        return count;
    }

    /** Reads {@code count} elements of a float32 tensor from {@code start} on, which must make one piece and be there. */
    void readFloats(Tensor tensor, long start, float[] target, int count) {
        buffer.clear().limit(count * 4);
        tensor.readBytes(start * 4, buffer);
        floats.get(0, target, 0, count);
    }

    /** Calls {@code consumer} for each element in order. */
    public void forEach(Tensor tensor, ElementConsumer consumer) {
        double[] chunk = new double[(int) Math.min(elements, tensor.size())];
        for (long start = 0; start < tensor.size(); ) {
            int count = read(tensor, start, chunk);
            for (int i = 0; i < count; i++) {
                consumer.accept(start + i, chunk[i]);
            }
            start += count;
        }
    }
}
