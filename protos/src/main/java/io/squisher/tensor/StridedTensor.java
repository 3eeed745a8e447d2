package io.squisher.tensor;

import io.squisher.Counted;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A view of another tensor's elements in other order, with strides as in numpy: a transpose, a slice, a repetition.
 * Neighbours are far apart, so what the view spans is read whole once while memory allows, else element by element.
 */
public final class StridedTensor implements Tensor {
    /** An eighth of the heap; in a small one still the largest matrix of a small model. */
    private static final long MOST_IN_MEMORY =
            Math.max(64L << 20, Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 8));

    private final Tensor base;
    private final Shape shape;
    private final long[] strides;
    private final long offset;
    private final long last;
    private SoftReference<ByteBuffer> span = new SoftReference<>(null);

    /**
     * A view.
     *
     * @param strides in elements of {@code base} in row-major order, one for each axis of {@code shape}; not negative
     * @param offset the element of {@code base} that comes first
     * @throws IllegalArgumentException if the view reaches beyond {@code base}
     */
    public StridedTensor(Tensor base, Shape shape, long[] strides, long offset) {
        this.base = base;
        this.shape = shape;
        this.strides = strides.clone();
        this.offset = offset;
        this.last = last(shape, strides, offset);
        if (strides.length != shape.rank() || shape.size() > 0 && (offset < 0 || last >= base.size())) {
            throw new IllegalArgumentException("a view of " + shape + " with strides " + Arrays.toString(strides)
                    + " at " + offset + " is beyond the " + Counted.of(base.size(), "element"));
        }
    }

    /** {@code base} with its axes in the order {@code axes}: axis i of the result is axis {@code axes[i]} of {@code base}. */
    public static StridedTensor permuted(Tensor base, int... axes) {
        long[] strides = rowMajor(base.shape());
        long[] dims = new long[axes.length];
        long[] permuted = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            dims[i] = base.shape().dim(axes[i]);
            permuted[i] = strides[axes[i]];
        }
        return new StridedTensor(base, Shape.of(dims), permuted, 0);
    }

    /** The part of {@code base} from {@code start} on along {@code axis}, {@code length} wide. */
    public static StridedTensor slice(Tensor base, int axis, long start, long length) {
        long[] strides = rowMajor(base.shape());
        long[] dims = base.shape().dims();
        dims[axis] = length;
        return new StridedTensor(base, Shape.of(dims), strides, start * strides[axis]);
    }

    /** {@code base} in row-major order under another shape of as many elements. */
    public static StridedTensor reshaped(Tensor base, Shape shape) {
        return new StridedTensor(base, shape, rowMajor(shape), 0);
    }

    private static long[] rowMajor(Shape shape) {
        long[] strides = new long[shape.rank()];
        long stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, shape.dim(axis));
        }
        return strides;
    }

    private static long last(Shape shape, long[] strides, long offset) {
        long last = offset;
        for (int axis = 0; axis < Math.min(shape.rank(), strides.length); axis++) {
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
        return base.type();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    /** Whether the elements stand one after the other as in the base. */
    private boolean isContiguous() {
        long expected = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.dim(axis) != 1 && strides[axis] != expected) {
                return false;
            }
            expected *= shape.dim(axis);
        }
        return true;
    }

    @Override
    public void readBytes(long at, ByteBuffer target) {
        int width = type().bytes();
        if (isContiguous()) {
            base.readBytes(offset * width + at, target);
            return;
        }
        ByteBuffer memory = span();
        ByteBuffer one = ByteBuffer.allocate(width);
        long index = at / width;
        int skip = (int) (at % width);
        while (target.hasRemaining()) {
            long element = position(index);
            int count = Math.min(width - skip, target.remaining());
            if (memory != null) {
                target.put(target.position(), memory, (int) ((element - offset) * width) + skip, count);
                target.position(target.position() + count);
            } else {
                base.readBytes(element * width, one.clear());
                target.put(one.array(), skip, count);
            }
            skip = 0;
            index++;
        }
    }

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
        long bytes = (last - offset + 1) * type().bytes();
        if (bytes > MOST_IN_MEMORY) {
            return null;
        }
        ByteBuffer memory = span.get();
        if (memory == null) {
            memory = ByteBuffer.allocate((int) bytes);
            base.readBytes(offset * type().bytes(), memory);
            span = new SoftReference<>(memory);
        }
        return memory;
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }
}
