package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/**
 * The transpose of a convolution: each element of X adds its multiple of the kernel to Y, where the convolution with the
 * same attributes would read: Y[n, m, cell(i, k)] += X[n, c, i] · W[c, m, k].
 */
final class ConvTranspose {
    private ConvTranspose() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        Value w = call.input(1);
        int[] input = Arrays.copyOfRange(x.dims(), 2, x.rank());
        int[] kernel = Arrays.copyOfRange(w.dims(), 2, w.rank());
        Window.Geometry plain = Window.Geometry.of(call, kernel, input);
        int[] output = new int[input.length];
        Window.Geometry geometry = placed(call, plain, input, output);
        int[][] cells = geometry.over(output, input).cells();

        int groups = call.integer("group", 1);
        int channels = x.dim(1);
        int perGroup = w.dim(1);
        int filters = groups * perGroup;
        int plane = Dims.size(output);
        double[] y = new double[x.dim(0) * filters * plane];
        for (int i = 0; i < y.length; i++) {
            int m = i / plane % filters;
            y[i] = call.optional(2).map(b -> b.doubleAt(m)).orElse(0.0);
        }
        for (int i = 0; i < x.size(); i++) {
            int row = i / cells.length;
            int c = row % channels;
            int firstFilter = row / channels * filters + c / (channels / groups) * perGroup;
            int[] targets = cells[i % cells.length];
            for (int at = 0; at < perGroup * targets.length; at++) {
                int m = at / targets.length;
                int target = targets[at % targets.length];
                if (target >= 0) {
                    y[(firstFilter + m) * plane + target] +=
                            x.doubleAt(i) * w.doubleAt(c * perGroup * targets.length + at);
                }
            }
        }
        return Value.of(x.type(), Dims.concat(new int[] {x.dim(0), filters}, output), y);
    }

    /** Fills {@code output} and finds the pads: given, or such that an output shape comes out. */
    private static Window.Geometry placed(OperatorCall call, Window.Geometry plain, int[] input, int[] output) {
        int rank = input.length;
        int[] extra = call.ints("output_padding", new int[rank]);
        int[] wanted = call.ints("output_shape", (int[]) null);
        String auto = call.text("auto_pad", "NOTSET");
        int[] begin = call.ints("pads", new int[2 * rank]).clone();
        int[] end = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int full = plain.strides()[axis] * (input[axis] - 1) + extra[axis] + plain.reach(axis);
            if (wanted == null && !auto.startsWith("SAME")) {
                output[axis] = full - begin[axis] - begin[rank + axis];
                continue;
            }
            output[axis] = wanted == null ? input[axis] * plain.strides()[axis] : wanted[wanted.length - rank + axis];
            int total = Math.max(0, full - output[axis]);
            begin[axis] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        }
        Arrays.fill(end, Integer.MAX_VALUE / 2);
        return new Window.Geometry(plain.kernel(), plain.strides(), plain.dilations(), Arrays.copyOf(begin, rank), end);
    }
}
