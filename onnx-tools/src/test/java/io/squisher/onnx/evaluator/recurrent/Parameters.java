package io.squisher.onnx.evaluator.recurrent;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The parameters of one direction: W [gates · H, I], R [gates · H, H], B [2 · gates · H] (input biases, then recurrent
 * ones), as slices of the operator's inputs.
 */
record Parameters(OperatorCall call, int direction, int gates, int hidden) {
    /** The input's share of gate {@code gate}: W x + its input bias. */
    double[] input(int gate, double[] x) {
        return product(call.input(1), gate, x, bias(gate));
    }

    /** The recurrence's share of gate {@code gate}: R h + its recurrent bias. */
    double[] recurrent(int gate, double[] h) {
        return product(call.input(2), gate, h, bias(gates + gate));
    }

    /** Peephole weights (LSTM), the gates in the order i, o, f; zeros without them. */
    double[] peephole(int gate) {
        return call.optional(7)
                .map(p -> slice(p, direction * 3 * hidden + gate * hidden, hidden))
                .orElse(new double[hidden]);
    }

    /** Limits the input of an activation to [-clip, clip]. */
    double[] clipped(double[] values) {
        double clip = call.real("clip", Double.POSITIVE_INFINITY);
        return map(values, value -> Math.max(-clip, Math.min(clip, value)));
    }

    static double[] map(double[] values, DoubleUnaryOperator f) {
        return Arrays.stream(values).map(f).toArray();
    }

    static double[] sum(double[]... parts) {
        double[] sum = new double[parts[0].length];
        for (double[] part : parts) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part[i];
            }
        }
        return sum;
    }

    static double[] times(double[] a, double[] b) {
        double[] product = new double[a.length];
        Arrays.setAll(product, i -> a[i] * b[i]);
        return product;
    }

    private double[] bias(int gate) {
        return call.optional(3)
                .map(b -> slice(b, (direction * 2 * gates + gate) * hidden, hidden))
                .orElse(new double[hidden]);
    }

    private double[] product(Value matrix, int gate, double[] x, double[] bias) {
        double[] result = bias.clone();
        for (int unit = 0; unit < hidden; unit++) {
            int row = ((direction * gates + gate) * hidden + unit) * x.length;
            for (int i = 0; i < x.length; i++) {
                result[unit] += matrix.doubleAt(row + i) * x[i];
            }
        }
        return result;
    }

    private static double[] slice(Value value, int start, int length) {
        return Arrays.copyOfRange(value.doubles(), start, start + length);
    }
}
