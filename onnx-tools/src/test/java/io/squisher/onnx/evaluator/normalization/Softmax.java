package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Softmax, LogSoftmax, Hardmax: along one axis from opset 13 on; before, over all axes from {@code axis} on together.
 */
public final class Softmax {
    private Softmax() {}

    static Value evaluate(OperatorCall call, UnaryOperator<double[]> f) {
        Value x = call.input(0);
        if (call.opset() >= 13) {
            return along(x, Dims.axis(call.integer("axis", -1), x.rank()), f);
        }
        int axis = call.integer("axis", 1);
        int split = axis < 0 ? axis + x.rank() : axis;
        int rows = Dims.size(x.dims(), 0, split);
        return along(x.reshaped(rows, x.size() / Math.max(1, rows)), 1, f).reshaped(x.dims());
    }

    /** f of each row along an axis. */
    public static Value along(Value x, int axis, UnaryOperator<double[]> f) {
        int length = x.dim(axis);
        int stride = Dims.strides(x.dims())[axis];
        double[] result = new double[x.size()];
        double[] row = new double[length];
        for (int start = 0; start < result.length; start++) {
            if (start / stride % length != 0) {
                continue;
            }
            for (int i = 0; i < length; i++) {
                row[i] = x.doubleAt(start + i * stride);
            }
            double[] changed = f.apply(row);
            for (int i = 0; i < length; i++) {
                result[start + i * stride] = changed[i];
            }
        }
        return Value.of(x.type(), x.dims(), result);
    }

    /** e^x / Σ e^x. */
    public static double[] softmax(double... row) {
        return Arrays.stream(logSoftmax(row)).map(Math::exp).toArray();
    }

    /** x - ln Σ e^x. */
    public static double[] logSoftmax(double... row) {
        double max = Arrays.stream(row).max().orElse(0);
        double sum = Arrays.stream(row).map(x -> Math.exp(x - max)).sum();
        return Arrays.stream(row).map(x -> x - max - Math.log(sum)).toArray();
    }

    /** 1 at the first largest element, 0 elsewhere. */
    static double[] hardmax(double... row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            best = row[i] > row[best] ? i : best;
        }
        double[] result = new double[row.length];
        result[best] = 1;
        return result;
    }
}
