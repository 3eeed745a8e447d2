package io.squisher.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Another tensor with only some indices of one axis. Neighbouring indices are read together through a kept buffer, so
 * that selecting columns does not cost a read for each element.
 */
public final class SelectedTensor implements Tensor {
    /** Bytes of the source that are read at a time, chosen ones and those between them. */
    private static final int WINDOW = 1 << 16;

    /** Kept buffers; a selection may read another one, so a thread can need several. */
    private static final ConcurrentLinkedDeque<ByteBuffer> IDLE = new ConcurrentLinkedDeque<>();

    private final Tensor source;
    private final long length;
    private final int[] indices;
    private final Shape shape;
    private final long unit;

    /**
     * The part of {@code source} at {@code indices} of {@code axis}.
     *
     * @param indices ascending, within the axis
     */
    public SelectedTensor(Tensor source, int axis, int[] indices) {
        this.source = source;
        this.length = source.shape().dim(axis);
        this.indices = indices.clone();
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] <= (i == 0 ? -1 : indices[i - 1]) || indices[i] >= length) {
                throw new IllegalArgumentException("the indices of an axis of " + length + " are to ascend within it");
            }
        }
        long[] dims = source.shape().dims();
        long bytes = source.type().bytes();
        for (int later = axis + 1; later < dims.length; later++) {
            bytes *= dims[later];
        }
        this.unit = bytes;
        dims[axis] = indices.length;
        this.shape = Shape.of(dims);
    }

    @Override
    public ElementType type() {
        return source.type();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        long at = offset;
        while (target.hasRemaining()) {
            int before = target.remaining();
            if (unit >= WINDOW) {
                copyWithin(at, target);
            } else {
                copyWindow(at, target);
            }
            at += before - target.remaining();
        }
    }

    /** Where in the source the {@code block}-th selected index lies, counted over all outer positions. */
    private long sourceOf(long block) {
        return (block / indices.length * length + indices[(int) (block % indices.length)]) * unit;
    }

    /** Reads on to the end of the index at byte {@code at}. */
    private void copyWithin(long at, ByteBuffer target) {
        long within = at % unit;
        int limit = target.limit();
        target.limit((int) (target.position() + Math.min(target.remaining(), unit - within)));
        source.readBytes(sourceOf(at / unit) + within, target);
        target.limit(limit);
    }

    /** Reads a window of the source that starts at byte {@code at} of this tensor, and takes what is selected of it. */
    private void copyWindow(long at, ByteBuffer target) {
        long block = at / unit;
        long within = at % unit;
        long first = sourceOf(block) + within;
        long blocks = byteSize() / unit;
        long last = block;
        long wanted = block + (within + target.remaining() - 1) / unit;
        while (last < wanted && last + 1 < blocks && sourceOf(last + 1) + unit - first <= WINDOW) {
            last++;
        }
        ByteBuffer kept = IDLE.poll();
        ByteBuffer window = kept == null ? ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN) : kept.clear();
        window.limit((int) (sourceOf(last) + unit - first));
        source.readBytes(first, window);
        for (long here = block; here <= last && target.hasRemaining(); here++) {
            long from = here == block ? 0 : sourceOf(here) - first;
            long most = here == block ? unit - within : unit;
            int count = (int) Math.min(most, target.remaining());
            target.put(target.position(), window, (int) from, count);
            target.position(target.position() + count);
        }
        IDLE.push(window);
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
