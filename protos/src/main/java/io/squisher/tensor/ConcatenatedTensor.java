package io.squisher.tensor;

import java.nio.ByteBuffer;
import java.util.List;

/** Tensors of one type side by side along an axis; their other dimensions agree. */
public final class ConcatenatedTensor implements Tensor {
    private final List<Tensor> parts;
    private final int axis;
    private final Shape shape;
    private final long rowBytes;

    /**
     * The parts in order along {@code axis}.
     *
     * @throws IllegalArgumentException if types or the other dimensions differ
     */
    public ConcatenatedTensor(List<Tensor> parts, int axis) {
        this.parts = List.copyOf(parts);
        this.axis = axis;
        long[] dims = parts.get(0).shape().dims();
        dims[axis] = 0;
        for (Tensor part : parts) {
            long[] other = part.shape().dims();
            long length = other[axis];
            other[axis] = dims[axis];
            if (part.type() != parts.get(0).type() || !java.util.Arrays.equals(other, dims)) {
                throw new IllegalArgumentException(TensorSpec.of(part) + " does not fit beside "
                        + TensorSpec.of(parts.get(0)) + " along axis " + axis);
            }
            dims[axis] += length;
        }
        this.shape = Shape.of(dims);
        long row = type().bytes();
        for (int i = axis; i < shape.rank(); i++) {
            row *= shape.dim(i);
        }
        this.rowBytes = row;
    }

    @Override
    public ElementType type() {
        return parts.get(0).type();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    /** A row, what lies within the axes before {@code axis}, is a piece of the first part, one of the second, and so on. */
    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int limit = target.limit();
        long at = offset;
        while (target.position() < limit) {
            long row = at / rowBytes;
            long inRow = at % rowBytes;
            for (Tensor part : parts) {
                long piece = part.shape().dim(axis) * (rowBytes / shape.dim(axis));
                if (inRow < piece) {
                    int count = (int) Math.min(limit - target.position(), piece - inRow);
                    target.limit(target.position() + count);
                    part.readBytes(row * piece + inRow, target);
                    target.limit(limit);
                    at += count;
                    break;
                }
                inRow -= piece;
            }
        }
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }
}
