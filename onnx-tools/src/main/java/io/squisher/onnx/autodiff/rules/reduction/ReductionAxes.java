package io.squisher.onnx.autodiff.rules.reduction;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The axes of a Reduce operator, and its output's gradient with those axes back. */
final class ReductionAxes {
    private final RuleContext context;
    private final int[] axes;

    /** Reads the axes of the node: its second input, else all axes, else (noop_with_empty_axes) none. */
    ReductionAxes(RuleContext c) {
        this.context = c;
        int rank = c.x(0).rank();
        long[] given = c.has(1) ? c.integers(1, "axes") : new long[0];
        if (given.length > 0) {
            axes = Arrays.stream(given).mapToInt(axis -> c.axis(axis, rank)).toArray();
        } else if (c.attributes().integer("noop_with_empty_axes", 0) != 0) {
            axes = new int[0];
        } else {
            axes = IntStream.range(0, rank).toArray();
        }
        for (int axis : axes) {
            if (c.x(0).shape().dim(axis).perExample()) {
                throw c.refuse("reduces over the axis of the examples, which mixes them");
            }
        }
    }

    int[] axes() {
        return axes;
    }

    /** How many elements make one element of the output. */
    long count() {
        return Arrays.stream(axes)
                .mapToLong(axis -> context.x(0).shape().size(axis))
                .reduce(1, (a, b) -> a * b);
    }

    /** {@code value}, of the output's shape, with size 1 at the reduced axes. */
    Value restored(Value value) {
        TensorShape shape = context.x(0).shape();
        for (int axis : axes) {
            shape = shape.with(axis, Dim.of(1));
        }
        return context.ops().reshape(value, shape);
    }
}
