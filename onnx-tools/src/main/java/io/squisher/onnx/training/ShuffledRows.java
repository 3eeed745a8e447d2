package io.squisher.onnx.training;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;

/** An array of examples in another order, which can be changed: what an epoch reads. */
final class ShuffledRows implements Tensor {
    private final Tensor source;
    private final int[] order;
    private final long rowBytes;

    /**
     * @param order by place, the row of {@code source}; the caller may change it between reads
     */
    ShuffledRows(Tensor source, int[] order) {
        this.source = source;
        this.order = order;
        this.rowBytes = source.byteSize() / source.shape().dim(0);
    }

    @Override
    public ElementType type() {
        return source.type();
    }

    @Override
    public Shape shape() {
        return source.shape();
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        long at = offset;
        int limit = target.limit();
        while (target.position() < limit) {
            long within = at % rowBytes;
            int count = (int) Math.min(limit - target.position(), rowBytes - within);
            target.limit(target.position() + count);
            source.readBytes(order[(int) (at / rowBytes)] * rowBytes + within, target);
            target.limit(limit);
            at += count;
        }
    }

    @Override
    public String toString() {
        return type() + shape().toString() + " in another order";
    }
}
