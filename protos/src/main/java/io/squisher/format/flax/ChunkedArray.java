package io.squisher.format.flax;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** An array that stands in flat pieces, one after the other. */
final class ChunkedArray implements Tensor {
    private final List<Tensor> chunks;
    private final Shape shape;

    ChunkedArray(List<Tensor> chunks, Shape shape) {
        this.chunks = List.copyOf(chunks);
        this.shape = shape;
        long elements = chunks.stream().mapToLong(Tensor::size).sum();
        if (chunks.isEmpty()
                || elements != shape.size()
                || chunks.stream()
                        .anyMatch(chunk -> chunk.type() != chunks.get(0).type())) {
            throw new IllegalArgumentException(
                    "the chunks of an array " + shape + " have " + elements + " elements, or are of several types");
        }
    }

    @Override
    public ElementType type() {
        return chunks.get(0).type();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int limit = target.limit();
        long at = offset;
        long before = 0;
        for (Tensor chunk : chunks) {
            long end = before + chunk.byteSize();
            if (at >= before && at < end && target.position() < limit) {
                int count = (int) Math.min(limit - target.position(), end - at);
                target.limit(target.position() + count);
                chunk.readBytes(at - before, target);
                target.limit(limit);
                at += count;
            }
            before = end;
        }
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }
}
