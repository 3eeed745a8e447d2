package io.squisher.format.pytorch;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A view of a storage: read in place where its elements are contiguous, else gathered. */
final class TorchTensor implements Tensor {
    /** Views that span no more than this are read whole once, and gathered from memory. */
    private static final long MOST_IN_MEMORY = 64 << 20;

    private final TorchStorage storage;
    private final ElementType type;
    private final Shape shape;
    private final long[] strides;
    private final long offset;
    private final boolean contiguous;
    private SoftReference<ByteBuffer> span = new SoftReference<>(null);

    /**
     * A view.
     *
     * @param strides in elements
     * @param offset of the first element, in elements
     * @throws IllegalArgumentException if it reaches beyond the storage
     */
    TorchTensor(TorchStorage storage, ElementType type, Shape shape, long[] strides, long offset) {
        this.storage = storage;
        this.type = type;
        this.shape = shape;
        this.strides = strides.clone();
        this.offset = offset;
        this.contiguous = isContiguous();
        long last = lastElement();
        if (shape.size() > 0 && (offset < 0 || last >= storage.bytes() / type.bytes())) {
            throw new IllegalArgumentException("a tensor of " + type + shape + " with strides "
                    + Arrays.toString(strides) + " at " + offset + " is beyond its storage of " + storage.bytes()
                    + " bytes");
        }
    }

    private boolean isContiguous() {
        long expected = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.dim(axis) != 1 && strides[axis] != expected) {
                return shape.size() == 0;
            }
            expected *= shape.dim(axis);
        }
        return true;
    }

    private long lastElement() {
        long last = offset;
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (strides[axis] < 0) {
                throw new IllegalArgumentException("negative stride " + strides[axis]);
            }
            if (shape.dim(axis) > 0) {
                last = Math.addExact(last, Math.multiplyExact(shape.dim(axis) - 1, strides[axis]));
            }
        }
        return last;
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    TorchStorage storage() {
        return storage;
    }

    /** Whether this is the same view of the same storage: tied weights are. */
    boolean sameView(TorchTensor other) {
        return storage == other.storage
                && offset == other.offset
                && shape.equals(other.shape)
                && Arrays.equals(strides, other.strides)
                && type == other.type;
    }

    @Override
    public void readBytes(long at, ByteBuffer target) {
        int width = type.bytes();
        if (contiguous) {
            storage.region().read(offset * width + at, target);
            return;
        }
        ByteBuffer memory = span();
        ByteBuffer one = ByteBuffer.allocate(width);
        long index = at / width;
        int skip = (int) (at % width);
        while (target.hasRemaining()) {
            long element = position(index) - offset;
            int count = Math.min(width - skip, target.remaining());
            if (memory != null) {
                target.put(target.position(), memory, (int) (element * width) + skip, count);
                target.position(target.position() + count);
            } else {
                storage.region().read((offset + element) * width, one.clear());
                target.put(one.array(), skip, count);
            }
            skip = 0;
            index++;
        }
    }

    /** Position in the storage of the element with row-major index {@code index}. */
    private long position(long index) {
        long position = offset;
        long rest = index;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            position += rest % shape.dim(axis) * strides[axis];
            rest /= shape.dim(axis);
        }
        return position;
    }

    private synchronized ByteBuffer span() {
        long bytes = (lastElement() - offset + 1) * type.bytes();
        if (bytes > MOST_IN_MEMORY) {
            return null;
        }
        ByteBuffer memory = span.get();
        if (memory == null) {
            memory = ByteBuffer.allocate((int) bytes);
            storage.region().read(offset * type.bytes(), memory);
            span = new SoftReference<>(memory);
        }
        return memory;
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
