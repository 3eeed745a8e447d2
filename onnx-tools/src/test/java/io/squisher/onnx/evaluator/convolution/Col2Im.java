package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** Adds blocks [N, C · kernel, positions] into images [N, C, image…], where a convolution would read them. */
final class Col2Im {
    private Col2Im() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int[] image = call.input(1).ints();
        int[] kernel = call.input(2).ints();
        int[][] cells =
                Window.Geometry.of(call, kernel, image).over(image, false).cells();
        int taps = Dims.size(kernel);
        int plane = Dims.size(image);
        int channels = x.dim(1) / taps;
        double[] y = new double[x.dim(0) * channels * plane];
        for (int i = 0; i < x.size(); i++) {
            int row = i / cells.length;
            int cell = cells[i % cells.length][row % taps];
            if (cell >= 0) {
                y[row / taps * plane + cell] += x.doubleAt(i);
            }
        }
        int[] dims = Dims.concat(new int[] {x.dim(0), channels}, image);
        return Value.of(x.type(), dims, y);
    }
}
