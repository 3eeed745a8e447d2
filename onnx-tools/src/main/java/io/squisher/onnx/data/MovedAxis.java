package io.squisher.onnx.data;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** An array with one axis at another place; the other axes keep their order. */
final class MovedAxis {
    private MovedAxis() {}

    /** {@code [..., N, ...]} with the axis {@code from} at {@code to}. */
    static Tensor of(Tensor array, int from, int to) {
        if (from == to) {
            return array;
        }
        List<Long> dims = new ArrayList<>();
        for (long dim : array.shape().dims()) {
            dims.add(dim);
        }
        dims.add(to, dims.remove(from));
        Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
        return Tensor.of(array.type(), shape, copied(array, from, to));
    }

    /**
     * The axes between the two places change places with the moved one as blocks: moving forward over {@code between} is
     * a transposition of two axes, whatever is before and behind.
     */
    private static ByteBuffer copied(Tensor array, int from, int to) {
        Shape shape = array.shape();
        int first = Math.min(from, to);
        int last = Math.max(from, to);
        boolean forward = from > to;
        int before = product(shape, 0, first);
        int rows = forward ? product(shape, first, last) : (int) shape.dim(first);
        int columns = forward ? (int) shape.dim(last) : product(shape, first + 1, last + 1);
        int run = product(shape, last + 1, shape.rank()) * array.type().bytes();
        ByteBuffer source = array.toBytes();
        ByteBuffer target = ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        for (int outer = 0; outer < before; outer++) {
            for (int column = 0; column < columns; column++) {
                for (int row = 0; row < rows; row++) {
                    int at = ((outer * rows + row) * columns + column) * run;
                    target.put(source.slice(at, run));
                }
            }
        }
        return target.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int product(Shape shape, int from, int to) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            product = Math.multiplyExact(product, shape.dim(axis));
        }
        return Math.toIntExact(product);
    }

    /** An array without its first axis, which has one element. */
    static Tensor withoutFirst(Tensor array) {
        long[] dims = array.shape().dims();
        Shape shape = Shape.of(java.util.Arrays.copyOfRange(dims, 1, dims.length));
        ElementType type = array.type();
        return array.view(0, Math.toIntExact(array.byteSize()))
                .map(bytes -> Tensor.of(type, shape, bytes))
                .orElseGet(() -> Tensor.of(type, shape, array.toBytes()));
    }
}
