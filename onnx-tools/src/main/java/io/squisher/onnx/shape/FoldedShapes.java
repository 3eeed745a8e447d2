package io.squisher.onnx.shape;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Known integers in another shape: what exporters wrap round axes, starts and sizes that they know. */
final class FoldedShapes {
    private FoldedShapes() {}

    /** The value of the node's output; empty where it is not of the simple forms. */
    static Optional<Tensor> of(Node node, List<Tensor> inputs) {
        Tensor x = inputs.get(0);
        long[] argument = inputs.size() > 1 ? inputs.get(1).toLongs() : new long[0];
        return switch (node.op()) {
            case "Reshape" ->
                node.attributes().integer("allowzero", 0) == 0 ? reshaped(x, inferred(x, argument)) : Optional.empty();
            case "Squeeze" -> reshaped(x, squeezed(x, argument));
            case "Unsqueeze" -> reshaped(x, Axes.unsqueezed(x.shape().dims(), argument));
            case "Expand" -> expanded(x, argument);
            case "ConstantOfShape" -> filled(node, x.toLongs());
            case "Transpose" -> transposed(node, x);
            default -> sliced(inputs);
        };
    }

    private static Optional<Tensor> reshaped(Tensor x, long... dims) {
        boolean fits = LongStream.of(dims).allMatch(dim -> dim >= 0)
                && LongStream.of(dims).reduce(1, (a, b) -> a * b) == x.size();
        return fits ? Optional.of(ConstantFolder.tensor(x.type(), Shape.of(dims), x.toLongs())) : Optional.empty();
    }

    /** Reshape's argument with 0 replaced by the axis as it is, and -1 by what the others leave. */
    private static long[] inferred(Tensor x, long... asked) {
        long[] dims = asked.clone();
        long known = 1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 0 && axis < x.shape().rank()) {
                dims[axis] = x.shape().dim(axis);
            }
            known *= dims[axis] == -1 ? 1 : dims[axis];
        }
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == -1 && known > 0) {
                dims[axis] = x.size() / known;
            }
        }
        return dims;
    }

    /** Without axes that are named, all of one element go. */
    private static long[] squeezed(Tensor x, long... axes) {
        long[] dims = x.shape().dims();
        return axes.length > 0
                ? Axes.squeezed(dims, axes)
                : LongStream.of(dims).filter(dim -> dim != 1).toArray();
    }

    /** A single number repeated, or a vector as it is. */
    private static Optional<Tensor> expanded(Tensor x, long... asked) {
        long[] broad = asked.length < x.shape().rank() ? x.shape().dims() : asked;
        long size = LongStream.of(broad).reduce(1, (a, b) -> a * b);
        if (x.size() != 1 || size > ConstantFolder.LARGEST) {
            return Arrays.equals(x.shape().dims(), broad) ? Optional.of(x) : Optional.empty();
        }
        long[] values = new long[(int) size];
        Arrays.fill(values, x.toLongs()[0]);
        return Optional.of(ConstantFolder.tensor(x.type(), Shape.of(broad), values));
    }

    /** A tensor of integers with one value; of floating-point zeros, which are the default, none. */
    private static Optional<Tensor> filled(Node node, long... dims) {
        Optional<Tensor> value = node.attributes().tensor("value").map(OnnxTensors::read);
        long size = LongStream.of(dims).reduce(1, (a, b) -> a * b);
        if (value.isEmpty() || value.get().type().isFloating() || size > ConstantFolder.LARGEST) {
            return Optional.empty();
        }
        long[] values = new long[(int) size];
        Arrays.fill(values, value.get().toLongs()[0]);
        return Optional.of(ConstantFolder.tensor(value.get().type(), Shape.of(dims), values));
    }

    /** Of a matrix. */
    private static Optional<Tensor> transposed(Node node, Tensor x) {
        long[] turned = node.attributes().integers("perm").orElse(new long[] {1, 0});
        if (x.shape().rank() != 2 || !Arrays.equals(turned, new long[] {1, 0})) {
            return Optional.empty();
        }
        int rows = (int) x.shape().dim(0);
        int columns = (int) x.shape().dim(1);
        long[] from = x.toLongs();
        long[] values = new long[from.length];
        Arrays.setAll(values, i -> from[i % rows * columns + i / rows]);
        return Optional.of(ConstantFolder.tensor(x.type(), Shape.of(columns, rows), values));
    }

    /** Rows of a vector or a matrix, forwards or backwards. */
    private static Optional<Tensor> sliced(List<Tensor> inputs) {
        Tensor x = inputs.get(0);
        boolean simple =
                x.shape().rank() > 0 && inputs.size() > 2 && inputs.get(1).size() == 1;
        long axis = inputs.size() > 3 ? inputs.get(3).toLongs()[0] : 0;
        if (!simple || axis != 0 && axis + x.shape().rank() != 0) {
            return Optional.empty();
        }
        int rows = (int) x.shape().dim(0);
        long step = inputs.size() > 4 ? inputs.get(4).toLongs()[0] : 1;
        int last = step > 0 ? rows : rows - 1;
        long from = place(inputs.get(1).toLongs()[0], rows, step > 0 ? 0 : -1, last);
        long to = place(inputs.get(2).toLongs()[0], rows, step > 0 ? 0 : -1, last);
        long[] taken = LongStream.iterate(from, at -> step > 0 ? at < to : at > to, at -> at + step)
                .toArray();
        long[] dims = x.shape().dims().clone();
        int width = rows == 0 ? 0 : (int) x.size() / rows;
        dims[0] = taken.length;
        long[] all = x.toLongs();
        long[] values = new long[taken.length * width];
        Arrays.setAll(values, i -> all[(int) taken[i / width] * width + i % width]);
        return Optional.of(ConstantFolder.tensor(x.type(), Shape.of(dims), values));
    }

    private static long place(long index, int length, long first, long last) {
        return Math.max(first, Math.min(last, index < 0 ? index + length : index));
    }
}
