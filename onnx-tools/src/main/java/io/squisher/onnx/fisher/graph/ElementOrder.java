package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The order in which a graph returns the elements of a parameter. A graph that computes them in another order than the parameter's
 * would transpose them for every batch, a twentieth of a residual network's time; sums keep the graph's order, and are read in the
 * parameter's at the end.
 *
 * @param output the shape of the graph's output
 * @param dims the output's elements as a tensor of this shape, with axes that {@code permutation} orders
 * @param permutation axis i of the parameter, up to a change of shape, is axis {@code permutation[i]} of {@code dims}
 */
public record ElementOrder(Shape output, long[] dims, int[] permutation) {
    /** The parameter's own. */
    public static ElementOrder of(Shape shape) {
        return new ElementOrder(shape, new long[] {shape.size()}, new int[] {0});
    }

    /** A value, and the order of its elements. */
    public record Found(Value value, ElementOrder order) {}

    /** A value whose elements are in the parameter's order. */
    static Found asIs(Value value) {
        return new Found(value, of(fixed(value.shape())));
    }

    /**
     * Goes back from the last value of a graph over what only changes its shape, and over one transposition.
     *
     * @param last without an axis of examples
     */
    static Found before(Value last, Emitter emitter) {
        Value at = last;
        ElementOrder found = of(fixed(last.shape()));
        boolean transposed = false;
        for (Optional<Node> node = emitter.producer(at.name()); node.isPresent(); node = emitter.producer(at.name())) {
            boolean reshape = node.get().op().equals("Reshape");
            boolean transpose = node.get().op().equals("Transpose") && !transposed;
            Optional<Value> input = emitter.value(node.get().input(0))
                    .filter(value -> !value.shape().hasExamples());
            if (!reshape && !transpose || input.isEmpty()) {
                break;
            }
            at = input.get();
            Shape shape = fixed(at.shape());
            if (transpose) {
                long[] perm = node.get().attributes().integers("perm", new long[0]);
                found = new ElementOrder(
                        shape,
                        shape.dims(),
                        Arrays.stream(perm).mapToInt(Math::toIntExact).toArray());
                transposed = true;
            } else {
                found = new ElementOrder(shape, found.dims, found.permutation);
            }
        }
        return new Found(at, found);
    }

    private static Shape fixed(TensorShape shape) {
        return Shape.of(IntStream.range(0, shape.rank()).mapToLong(shape::size).toArray());
    }

    /** Whether it is the parameter's own. */
    public boolean isOwn() {
        return IntStream.range(0, permutation.length).allMatch(axis -> permutation[axis] == axis);
    }

    /**
     * Elements of the parameter from those of the output.
     *
     * @param start index of the first in the parameter
     */
    public void read(double[] values, long start, int count, double[] elements) {
        if (isOwn()) {
            System.arraycopy(values, (int) start, elements, 0, count);
            return;
        }
        walk(start, count, (at, stride, done, run) -> {
            for (int i = 0; i < run; i++) {
                elements[done + i] = values[at + i * stride];
            }
        });
    }

    /** All elements of the output from those of the parameter. */
    public void write(double[] elements, double[] values) {
        if (isOwn()) {
            System.arraycopy(elements, 0, values, 0, values.length);
            return;
        }
        walk(0, values.length, (at, stride, done, run) -> {
            for (int i = 0; i < run; i++) {
                values[at + i * stride] = elements[done + i];
            }
        });
    }

    /** The index in the parameter of an element of the output. */
    public long inParameter(long element) {
        long index = 0;
        long[] strides = strides();
        for (int axis : permutation) {
            index = index * dims[axis] + element / strides[axis] % dims[axis];
        }
        return index;
    }

    @FunctionalInterface
    private interface Run {
        /** Elements {@code at}, {@code at + stride}, … of the output are {@code run} neighbours in the parameter, after {@code done}. */
        void accept(int at, int stride, int done, int run);
    }

    /** Passes on the neighbours along the parameter's last axis. */
    private void walk(long start, int count, Run runs) {
        long[] strides = strides();
        int last = permutation[permutation.length - 1];
        int stride = (int) strides[last];
        for (int done = 0; done < count; ) {
            long rest = start + done;
            int along = (int) (rest % dims[last]);
            long at = 0;
            for (int i = permutation.length - 1; i >= 0; i--) {
                int axis = permutation[i];
                at += rest % dims[axis] * strides[axis];
                rest /= dims[axis];
            }
            int run = (int) Math.min(dims[last] - along, (long) count - done);
            runs.accept((int) at, stride, done, run);
            done += run;
        }
    }

    private long[] strides() {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }
}
