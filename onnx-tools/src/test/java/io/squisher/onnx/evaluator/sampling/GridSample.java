package io.squisher.onnx.evaluator.sampling;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Samples X [N, C, spatial…] at grid [N, output…, rank]: the last axis holds coordinates in [-1, 1], the innermost
 * spatial axis first.
 */
final class GridSample {
    private static final double CUBIC_COEFFICIENT = -0.75;

    private final Value x;
    private final int[] spatial;
    private final String padding;
    private final boolean aligned;
    private final String mode;

    private GridSample(OperatorCall call) {
        this.x = call.input(0);
        this.spatial = Arrays.copyOfRange(x.dims(), 2, x.rank());
        this.padding = call.text("padding_mode", "zeros");
        this.aligned = call.flag("align_corners", false);
        this.mode = call.text("mode", "linear");
    }

    static Value evaluate(OperatorCall call) {
        GridSample sample = new GridSample(call);
        Value x = sample.x;
        Value grid = call.input(1);
        int rank = grid.dim(-1);
        int[] output = Arrays.copyOfRange(grid.dims(), 1, grid.rank() - 1);
        int points = Dims.size(output);
        int[] dims = Dims.concat(new int[] {x.dim(0), x.dim(1)}, output);
        double[] y = new double[Dims.size(dims)];
        for (int i = 0; i < y.length; i++) {
            int plane = i / points;
            double[] at = new double[rank];
            for (int axis = 0; axis < rank; axis++) {
                int from = (plane / x.dim(1) * points + i % points) * rank + rank - 1 - axis;
                at[axis] = sample.pixel(grid.doubleAt(from), axis);
            }
            y[i] = sample.at(plane, at);
        }
        return Value.of(x.type(), dims, y);
    }

    private double pixel(double coordinate, int axis) {
        return aligned ? (coordinate + 1) / 2 * (spatial[axis] - 1) : ((coordinate + 1) * spatial[axis] - 1) / 2;
    }

    private double at(int plane, double[] at) {
        double[] point = at.clone();
        boolean cubic = mode.endsWith("cubic");
        for (int axis = 0; axis < point.length && !cubic; axis++) {
            // The cubic mode applies the padding to each neighbour instead of to the point.
            point[axis] = padded(mode.equals("nearest") ? Math.rint(at[axis]) : at[axis], axis);
        }
        if (mode.equals("nearest")) {
            return element(
                    plane,
                    Arrays.stream(point).mapToInt(p -> (int) Math.rint(p)).toArray());
        }
        return cubic
                ? interpolated(plane, point, 2, Interpolation.cubic(CUBIC_COEFFICIENT))
                : interpolated(plane, point, 1, Interpolation::linear);
    }

    /** Σ over the neighbours of the product of the axes' weights and the neighbour. */
    private double interpolated(int plane, double[] point, int reach, DoubleUnaryOperator kernel) {
        int[] box = new int[point.length];
        Arrays.fill(box, 2 * reach);
        double sum = 0;
        for (int i = 0; i < Dims.size(box); i++) {
            int[] neighbour = Dims.unravel(i, box);
            double weight = 1;
            for (int axis = 0; axis < point.length; axis++) {
                neighbour[axis] += (int) Math.floor(point[axis]) - reach + 1;
                weight *= kernel.applyAsDouble(point[axis] - neighbour[axis]);
            }
            for (int axis = 0; axis < point.length; axis++) {
                neighbour[axis] = (int) padded(neighbour[axis], axis);
            }
            sum += weight == 0 ? 0 : weight * element(plane, neighbour);
        }
        return sum;
    }

    private double element(int plane, int[] index) {
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= spatial[axis]) {
                return 0;
            }
        }
        return x.doubleAt(plane * Dims.size(spatial) + Dims.ravel(index, Dims.strides(spatial)));
    }

    /** A position as the padding mode moves it; outside stays outside with zeros. */
    private double padded(double position, int axis) {
        int last = spatial[axis] - 1;
        return switch (padding) {
            case "zeros" -> position;
            case "border" -> Math.max(0, Math.min(last, position));
            case "reflection" -> aligned ? reflected(position, 0, last) : reflected(position, -0.5, last + 0.5);
            default -> throw new IllegalArgumentException("padding_mode " + padding);
        };
    }

    private static double reflected(double position, double low, double high) {
        double range = high - low;
        if (range == 0) {
            return 0;
        }
        double distance = Math.abs(position - low) % (2 * range);
        return low + (distance > range ? 2 * range - distance : distance);
    }
}
