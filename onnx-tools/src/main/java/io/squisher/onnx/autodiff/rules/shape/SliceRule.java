package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.stream.IntStream;

/**
 * Gradient of Slice: the output's where the elements were taken from, zero elsewhere. A step of 1 is padding; other steps
 * first spread the gradient out, a negative one mirrors it before that.
 */
public final class SliceRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Value x = c.x(0);
        long[] starts = c.integers(1, "starts");
        long[] axes = c.has(3)
                ? c.integers(3, "axes")
                : IntStream.range(0, starts.length).asLongStream().toArray();
        long[] steps = c.has(4) ? c.integers(4, "steps") : null;
        Value gradient = c.dy();
        for (int i = 0; i < starts.length; i++) {
            int axis = c.axis(axes[i], x.rank());
            long step = steps == null ? 1 : steps[i];
            if (x.shape().dim(axis).perExample()) {
                if (starts[i] != 0 || step != 1 || !c.y(0).shape().dim(axis).perExample()) {
                    throw c.acrossExamples("cuts along the axis of the examples, which mixes them");
                }
                continue;
            }
            gradient = restored(c.ops(), gradient, axis, x.shape().size(axis), starts[i], step);
        }
        return Gradients.of(gradient);
    }

    private static Value restored(Ops ops, Value dy, int axis, long size, long start, long step) {
        long count = dy.shape().size(axis);
        if (count == 0) {
            return ops.zeros(dy.shape().with(axis, Dim.of(size)), dy);
        }
        long first = start < 0 ? start + size : start;
        first = step > 0 ? Math.max(0, Math.min(first, size)) : Math.max(0, Math.min(first, size - 1));
        Value spread = dy;
        long lowest = first;
        if (step < 0) {
            spread = ops.reversed(dy, axis);
            lowest = first + (count - 1) * step;
        }
        long gap = Math.abs(step);
        spread = gap == 1 ? spread : withGaps(ops, spread, axis, gap);
        long[] before = new long[dy.rank()];
        long[] behind = new long[dy.rank()];
        before[axis] = lowest;
        behind[axis] = size - lowest - spread.shape().size(axis);
        return ops.pad(spread, before, behind);
    }

    /** Elements {@code gap} apart with zeros between: each becomes a row {@code [element, 0, …]} of an axis behind. */
    private static Value withGaps(Ops ops, Value x, int axis, long gap) {
        Value column = ops.unsqueeze(x, axis + 1);
        long[] before = new long[column.rank()];
        long[] behind = new long[column.rank()];
        behind[axis + 1] = gap - 1;
        Value rows = ops.pad(column, before, behind);
        long count = x.shape().size(axis);
        TensorShape merged = x.shape().with(axis, Dim.of(count * gap));
        Value flat = ops.reshape(rows, merged);
        return ops.slice(flat, axis, 0, (count - 1) * gap + 1, 1);
    }
}
