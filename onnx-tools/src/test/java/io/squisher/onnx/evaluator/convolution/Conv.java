package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/** Y[n, m, o] = B[m] + Σ_{c, k} W[m, c, k] · X[n, c of m's group, cell(o, k)]. */
public final class Conv {
    private Conv() {}

    public static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        Value w = call.input(1);
        int[] input = Arrays.copyOfRange(x.dims(), 2, x.rank());
        int[] kernel = Arrays.copyOfRange(w.dims(), 2, w.rank());
        Window window = Window.Geometry.of(call, kernel, input).over(input, false);
        int filters = w.dim(0);
        int channels = w.dim(1);
        int perGroup = filters / call.integer("group", 1);
        int outputs = window.cells().length;
        double[] y = new double[x.dim(0) * filters * outputs];
        for (int row = 0; row < x.dim(0) * filters; row++) {
            int n = row / filters;
            int m = row % filters;
            int firstChannel = n * x.dim(1) + m / perGroup * channels;
            double bias = call.optional(2).map(b -> b.doubleAt(m)).orElse(0.0);
            for (int o = 0; o < outputs; o++) {
                y[row * outputs + o] = bias + sum(x, firstChannel, w, m, window.cells()[o]);
            }
        }
        return Value.of(x.type(), Dims.concat(new int[] {x.dim(0), filters}, window.outputDims()), y);
    }

    /** Σ_{c, k} W[m, c, k] · X[firstChannel + c, cells[k]], X's first two axes taken as one. */
    private static double sum(Value x, int firstChannel, Value w, int m, int[] cells) {
        double[] inputs = x.doubles();
        double[] weights = w.doubles();
        int plane = Dims.size(x.dims(), 2, x.rank());
        double sum = 0;
        for (int c = 0; c < w.dim(1); c++) {
            int channel = (firstChannel + c) * plane;
            int filter = (m * w.dim(1) + c) * cells.length;
            for (int k = 0; k < cells.length; k++) {
                if (cells[k] >= 0) {
                    sum += weights[filter + k] * inputs[channel + cells[k]];
                }
            }
        }
        return sum;
    }
}
