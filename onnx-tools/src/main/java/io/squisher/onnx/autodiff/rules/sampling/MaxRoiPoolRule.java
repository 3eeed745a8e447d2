package io.squisher.onnx.autodiff.rules.sampling;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;

/**
 * Gradient of MaxRoiPool, {@code Y[r,c,i,j] = max X[n_r,c,h,w]} over the rows h and columns w of cell (i, j) of region r: it goes to
 * the elements that equal the largest, in equal parts. Which rows and columns a cell has is asked of MaxRoiPool itself, on
 * images that are 1 in one of them. The largest are taken over columns first and over rows then, so that no value has the axes
 * h, w, i and j at once. An empty cell is 0 and has no gradient; nor have the regions.
 */
public final class MaxRoiPoolRule implements GradientRule {
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;

    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        Value images = ops.cast(ops.slice(c.x(1), 1, 0, 1, 1), DataType.INT64_VALUE);
        TensorShape ofRegions = x.shape().with(0, c.x(1).shape().dim(0));
        Value chosen = ops.emitter().node("GatherND", ofRegions, Attributes.NONE, x, images);
        // From here on [r, c, h or 1, w or i or 1, j or 1].
        Largest ofColumns = new Largest(ops, ops.unsqueeze(chosen, 4), cells(c, COLUMNS), COLUMNS);
        Largest ofRows = new Largest(ops, ofColumns.value(), cells(c, ROWS), ROWS);
        Value ofEachRow = ops.reduceSum(ofRows.back(ops.unsqueeze(c.dy(), ROWS)), true, 3);
        Value dy = ops.reduceSum(ofColumns.back(ofEachRow), false, 4);
        return Gradients.of(ops.emitter()
                .node(
                        "ScatterND",
                        x.shape(),
                        Attributes.NONE.with("reduction", "add"),
                        ops.zeros(x.shape(), x),
                        images,
                        dy));
    }

    /** Which rows or columns are in which cells: booleans {@code [r, 1, h, i, 1]} or {@code [r, 1, 1, w, j]}. */
    private static Value cells(RuleContext c, int axis) {
        Ops ops = c.ops();
        boolean ofRows = axis == ROWS;
        int size = (int) c.x(0).shape().size(axis);
        float[] pictures = new float[size * size];
        for (int i = 0; i < size; i++) {
            pictures[i * size + i] = 1;
        }
        Shape shape = ofRows ? Shape.of(1, size, size, 1) : Shape.of(1, size, 1, size);
        Value along = ofRows ? ops.floats(0, 0, 1, 0, 1) : ops.floats(0, 1, 0, 1, 0);
        Dim regions = c.x(1).shape().dim(0);
        Dim cells = c.dy().shape().dim(axis);
        Dim one = Dim.of(1);
        Value within = ops.emitter()
                .node(
                        "MaxRoiPool",
                        TensorShape.of(regions, Dim.of(size), ofRows ? cells : one, ofRows ? one : cells),
                        c.attributes().with("pooled_shape", new long[] {
                            ofRows ? cells.factor() : 1, ofRows ? 1 : cells.factor()
                        }),
                        ops.emitter().constant(Tensor.of(shape, pictures)),
                        ops.mul(c.x(1), along));
        TensorShape placed = ofRows
                ? TensorShape.of(regions, one, Dim.of(size), cells, one)
                : TensorShape.of(regions, one, one, Dim.of(size), cells);
        return ops.greater(ops.reshape(within, placed), ops.scalar(0));
    }

    /** The largest of the elements along an axis that are in a cell. */
    private record Largest(Ops ops, Value x, Value cells, int axis, Value value) {
        Largest(Ops ops, Value x, Value cells, int axis) {
            this(
                    ops,
                    x,
                    cells,
                    axis,
                    ops.reduce("ReduceMax", ops.where(cells, x, ops.scalar(-Float.MAX_VALUE)), true, axis));
        }

        Value back(Value dy) {
            Value isLargest = ops.broadcast("And", cells, ops.equal(x, value));
            Value chosen = ops.cast(isLargest, DataType.FLOAT_VALUE);
            Value count = ops.broadcast("Max", ops.reduceSum(chosen, true, axis), ops.scalar(1));
            return ops.mul(ops.div(dy, count), chosen);
        }
    }
}
