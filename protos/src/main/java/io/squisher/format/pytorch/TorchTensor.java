package io.squisher.format.pytorch;

import io.squisher.Counted;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TypedTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A view of a storage, whose place in the file may become known only later. */
final class TorchTensor extends TypedTensor {
    /** A view may repeat the elements of its storage, but an expanded tensor of this size is only there to cost time. */
    private static final long MOST_REPEATED = 1 << 20;

    private final TorchStorage storage;
    private final long[] strides;
    private final long offset;
    private Tensor placed;

    /**
     * A view.
     *
     * @param strides in elements
     * @param offset of the first element, in elements
     * @throws IllegalArgumentException if it reaches beyond the storage
     */
    TorchTensor(TorchStorage storage, ElementType type, Shape shape, long[] strides, long offset) {
        super(type, shape);
        this.storage = storage;
        this.strides = strides.clone();
        this.offset = offset;
        long last = last();
        if (shape.size() > Math.max(MOST_REPEATED, storage.bytes() / type.bytes())) {
            throw new IllegalArgumentException("a tensor of " + type + shape + " repeats its storage of "
                    + Counted.of(storage.bytes(), "byte") + "; save it with .contiguous()");
        }
        if (shape.size() > 0 && (offset < 0 || last >= storage.bytes() / type.bytes())) {
            throw new IllegalArgumentException(
                    "a tensor of " + type + shape + " with strides " + Arrays.toString(strides) + " at " + offset
                            + " is beyond its storage of " + Counted.of(storage.bytes(), "byte"));
        }
    }

    private long last() {
        long last = offset;
        for (int axis = 0; axis < shape().rank(); axis++) {
            if (strides[axis] < 0) {
                throw new IllegalArgumentException("negative stride " + strides[axis]);
            }
            if (shape().dim(axis) > 0) {
                last = Math.addExact(last, Math.multiplyExact(shape().dim(axis) - 1, strides[axis]));
            }
        }
        return last;
    }

    /** Equal for tied weights, which are the same view of the same storage. Storages are compared by identity. */
    record View(TorchStorage storage, ElementType type, long offset, Shape shape, List<Long> strides) {}

    View view() {
        return new View(
                storage, type(), offset, shape(), Arrays.stream(strides).boxed().toList());
    }

    @Override
    public void readBytes(long at, ByteBuffer target) {
        if (target.hasRemaining()) {
            placed().readBytes(at, target);
        }
    }

    private synchronized Tensor placed() {
        if (placed == null) {
            Tensor whole = new FileTensor(
                    storage.region().file(),
                    storage.region().channel(),
                    storage.region().offset(),
                    type(),
                    Shape.of(storage.bytes() / type().bytes()));
            placed = new StridedTensor(whole, shape(), strides, offset);
        }
        return placed;
    }
}
