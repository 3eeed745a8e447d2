package io.squisher.onnx.autodiff.rules.sampling;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * One spatial axis of GridSample: for each point the neighbours along the axis, their weights, and the derivatives of those
 * by the coordinate. All values are {@code [N, 1, points]}.
 *
 * @param positions of the neighbours, inside the axis; float
 * @param weights 0 for neighbours outside where those count as zeros
 * @param slopes derivatives of the weights by the grid's coordinate
 */
record GridAxis(long size, List<Value> positions, List<Value> weights, List<Value> slopes) {
    private static final double CUBIC = -0.75;

    /** How points outside are read, and where the corners are. */
    private record Edges(Ops ops, String padding, boolean aligned, long size) {
        /** A position, moved inside, and the derivative of that: 1, 0 or −1. */
        Value[] moved(Value position) {
            Value one = ops.scalar(1);
            if (padding.equals("zeros")) {
                return new Value[] {position, one};
            }
            Value[] reflected = padding.equals("reflection") ? reflected(position) : new Value[] {position, one};
            Value clamped = clamped(reflected[0]);
            Value inside = ops.equal(clamped, reflected[0]);
            return new Value[] {clamped, ops.where(inside, reflected[1], ops.scalar(0))};
        }

        Value clamped(Value position) {
            Value low = ops.broadcast("Max", position, ops.scalar(0));
            return ops.broadcast("Min", low, ops.scalar(size - 1));
        }

        /** Folded back at the first and last centre, or at the outer edges. */
        private Value[] reflected(Value position) {
            double low = aligned ? 0 : -0.5;
            double range = aligned ? size - 1 : size;
            Value one = ops.scalar(1);
            if (range == 0) {
                return new Value[] {ops.mul(position, ops.scalar(0)), ops.scalar(0)};
            }
            Value shifted = ops.sub(position, ops.scalar(low));
            Value distance = ops.unary("Abs", shifted);
            Value periods = ops.unary("Floor", ops.scale(distance, 1 / (2 * range)));
            Value within = ops.sub(distance, ops.scale(periods, 2 * range));
            Value back = ops.greater(within, ops.scalar(range));
            Value folded = ops.where(back, ops.sub(ops.scalar(2 * range), within), within);
            Value direction = ops.mul(ops.unary("Sign", shifted), ops.where(back, ops.scalar(-1), one));
            return new Value[] {ops.add(folded, ops.scalar(low)), direction};
        }

        /** A neighbour's position inside the axis, and 1 or 0 for whether it counts. */
        Value[] neighbour(Value position) {
            if (!padding.equals("zeros")) {
                return new Value[] {moved(position)[0], null};
            }
            Value clamped = clamped(position);
            Value counts = ops.where(ops.equal(clamped, position), ops.scalar(1), ops.scalar(0));
            return new Value[] {clamped, counts};
        }
    }

    /**
     * @param coordinate in [−1, 1]
     * @param mode nearest, linear or cubic
     */
    static GridAxis of(RuleContext c, Value coordinate, long size, String mode) {
        Ops ops = c.ops();
        boolean aligned = c.attributes().integer("align_corners", 0) != 0;
        Edges edges = new Edges(ops, c.attributes().string("padding_mode", "zeros"), aligned, size);
        double factor = aligned ? (size - 1) / 2.0 : size / 2.0;
        Value position = ops.scale(ops.add(coordinate, ops.scalar(1)), factor);
        position = aligned ? position : ops.sub(position, ops.scalar(0.5));
        GridAxis axis = new GridAxis(size, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        switch (mode) {
            case "nearest" ->
                axis.add(edges, edges.moved(ops.unary("Round", position))[0], ops.scalar(1), ops.scalar(0));
            case "linear" -> axis.addLinear(edges, edges.moved(position), factor);
            default -> axis.addCubic(edges, position, factor);
        }
        return axis;
    }

    private void add(Edges edges, Value position, Value weight, Value slope) {
        Value[] neighbour = edges.neighbour(position);
        Value counts = neighbour[1];
        positions.add(neighbour[0]);
        weights.add(counts == null ? weight : edges.ops.mul(weight, counts));
        slopes.add(counts == null ? slope : edges.ops.mul(slope, counts));
    }

    private void addLinear(Edges edges, Value[] point, double factor) {
        Ops ops = edges.ops;
        Value first = ops.unary("Floor", point[0]);
        Value rest = ops.sub(point[0], first);
        Value slope = ops.scale(point[1], factor);
        add(edges, first, ops.sub(ops.scalar(1), rest), ops.unary("Neg", slope));
        add(edges, ops.add(first, ops.scalar(1)), rest, slope);
    }

    /** Four neighbours by Keys' kernel; the padding moves each of them instead of the point. */
    private void addCubic(Edges edges, Value point, double factor) {
        Ops ops = edges.ops;
        Value first = ops.unary("Floor", point);
        Value rest = ops.sub(point, first);
        for (int k = -1; k <= 2; k++) {
            boolean near = k == 0 || k == 1;
            Value distance = k <= 0 ? ops.sub(rest, ops.scalar(k)) : ops.sub(ops.scalar(k), rest);
            double[] cubic = near
                    ? new double[] {1, 0, -(CUBIC + 3), CUBIC + 2}
                    : new double[] {-4 * CUBIC, 8 * CUBIC, -5 * CUBIC, CUBIC};
            double[] derivative = {cubic[1], 2 * cubic[2], 3 * cubic[3]};
            Value slope = ops.scale(polynomial(ops, distance, derivative), k <= 0 ? factor : -factor);
            add(edges, ops.add(first, ops.scalar(k)), polynomial(ops, distance, cubic), slope);
        }
    }

    private static Value polynomial(Ops ops, Value x, double[] coefficients) {
        Value sum = ops.scalar(coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            sum = ops.add(ops.mul(sum, x), ops.scalar(coefficients[i]));
        }
        return sum;
    }
}
