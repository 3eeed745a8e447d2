package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/**
 * Puts each element where MaxPool's indices say, zeros elsewhere. The indices are positions in the smallest tensor that
 * MaxPool could have read; a larger {@code output_shape} keeps the coordinates.
 */
final class MaxUnpool {
    private MaxUnpool() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int[] kernel = call.ints("kernel_shape");
        int[] ones = new int[kernel.length];
        Arrays.fill(ones, 1);
        int[] strides = call.ints("strides", ones);
        int[] pads = call.ints("pads", new int[2 * kernel.length]);
        int[] dims = x.dims();
        for (int axis = 0; axis < kernel.length; axis++) {
            dims[axis + 2] =
                    (x.dim(axis + 2) - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axis + kernel.length];
        }
        int[] output = call.optional(2).map(Value::ints).orElse(dims);
        int[] outputStrides = Dims.strides(output);
        double[] y = new double[Dims.size(output)];
        for (int i = 0; i < x.size(); i++) {
            int[] index = Dims.unravel((int) call.input(1).longAt(i), dims);
            y[Dims.ravel(index, outputStrides)] = x.doubleAt(i);
        }
        return Value.of(x.type(), output, y);
    }
}
