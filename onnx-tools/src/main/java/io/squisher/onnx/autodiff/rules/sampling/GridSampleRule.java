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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient of GridSample: {@code Y[n,c,p] = Σ_k Π_axes w_k(g[n,p]) X[n,c,k]} over the neighbours k of each point. {@code
 * dX} adds {@code w dY} to the neighbours; {@code dg} of one axis is {@code Σ_c dY Σ_k X w'} with the derivative of that
 * axis's weight.
 */
public final class GridSampleRule implements GradientRule {
    /** The parts with spatial axes, and points, each flattened to one axis. */
    private record Flat(Value x, Value dy, List<GridAxis> axes) {}

    @Override
    public Gradients apply(RuleContext c) {
        TensorShape x = c.x(0).shape();
        if (x.exampleAxis() != c.x(1).shape().exampleAxis()) {
            throw c.refuse("samples " + x + " by a grid " + c.x(1).shape() + ": both must have their examples first");
        }
        Flat flat = flattened(c);
        List<int[]> neighbours = neighbours(flat.axes());
        Value dx = null;
        if (c.wants(0)) {
            dx = c.ops().reshape(scattered(c.ops(), flat, neighbours), x);
        }
        return Gradients.of(dx, c.wants(1) ? grid(c, flat, neighbours) : null);
    }

    private static Flat flattened(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        TensorShape y = c.y(0).shape();
        int axes = x.rank() - 2;
        Dim points = Dim.of(y.product(2, y.rank()));
        Value grid = ops.reshape(c.x(1), TensorShape.of(x.dim(0), points, Dim.of(axes)));
        List<GridAxis> along = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            int last = axes - 1 - axis;
            Value coordinate =
                    ops.reshape(ops.slice(grid, 2, last, last + 1, 1), TensorShape.of(x.dim(0), Dim.of(1), points));
            along.add(
                    GridAxis.of(c, coordinate, x.size(axis + 2), c.attributes().string("mode", "linear")));
        }
        return new Flat(
                ops.reshape(c.x(0), TensorShape.of(x.dim(0), x.dim(1), Dim.of(x.product(2, x.rank())))),
                ops.reshape(c.dy(), TensorShape.of(y.dim(0), y.dim(1), points)),
                along);
    }

    /** For each neighbour which one it is along each axis. */
    private static List<int[]> neighbours(List<GridAxis> axes) {
        List<int[]> neighbours = List.of(new int[0]);
        for (GridAxis axis : axes) {
            List<int[]> more = new ArrayList<>();
            for (int[] neighbour : neighbours) {
                for (int k = 0; k < axis.positions().size(); k++) {
                    int[] longer = Arrays.copyOf(neighbour, neighbour.length + 1);
                    longer[neighbour.length] = k;
                    more.add(longer);
                }
            }
            neighbours = more;
        }
        return neighbours;
    }

    /** A neighbour's place among all of the input's positions, for every channel: {@code [N, C, points]}. */
    private static Value index(Ops ops, Flat flat, int[] neighbour) {
        Value index = null;
        for (int axis = 0; axis < neighbour.length; axis++) {
            GridAxis along = flat.axes().get(axis);
            Value position = along.positions().get(neighbour[axis]);
            index = index == null ? position : ops.add(ops.scale(index, along.size()), position);
        }
        return ops.expandLike(ops.cast(index, DataType.INT64_VALUE), flat.dy());
    }

    private static Value weight(Ops ops, Flat flat, int[] neighbour, int slopeAxis) {
        Value weight = null;
        for (int axis = 0; axis < neighbour.length; axis++) {
            GridAxis along = flat.axes().get(axis);
            Value factor = (axis == slopeAxis ? along.slopes() : along.weights()).get(neighbour[axis]);
            weight = weight == null ? factor : ops.mul(weight, factor);
        }
        return weight;
    }

    private static Value scattered(Ops ops, Flat flat, List<int[]> neighbours) {
        List<Value> indices = new ArrayList<>();
        List<Value> updates = new ArrayList<>();
        for (int[] neighbour : neighbours) {
            indices.add(index(ops, flat, neighbour));
            updates.add(ops.mul(flat.dy(), weight(ops, flat, neighbour, -1)));
        }
        return ops.emitter()
                .node(
                        "ScatterElements",
                        flat.x().shape(),
                        Attributes.NONE.with("axis", 2L).with("reduction", "add"),
                        ops.zeros(flat.x().shape(), flat.x()),
                        ops.concat(2, indices),
                        ops.concat(2, updates));
    }

    private static Value grid(RuleContext c, Flat flat, List<int[]> neighbours) {
        Ops ops = c.ops();
        int axes = flat.axes().size();
        Value[] sums = new Value[axes];
        for (int[] neighbour : neighbours) {
            Value read = ops.emitter()
                    .node(
                            "GatherElements",
                            flat.dy().shape(),
                            Attributes.NONE.with("axis", 2L),
                            flat.x(),
                            index(ops, flat, neighbour));
            Value perPoint = ops.reduceSum(ops.mul(flat.dy(), read), true, 1);
            for (int axis = 0; axis < axes; axis++) {
                Value part = ops.mul(perPoint, weight(ops, flat, neighbour, axis));
                // The grid holds the coordinates of the last axis first.
                int at = axes - 1 - axis;
                sums[at] = sums[at] == null ? part : ops.add(sums[at], part);
            }
        }
        Value joined = ops.concat(1, List.of(sums));
        return ops.reshape(ops.transpose(joined, 0, 2, 1), c.x(1).shape());
    }
}
