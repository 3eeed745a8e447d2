package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.rules.linear.AxisProduct;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adds a number for each window to all elements of that window, for every channel by itself: a transposed convolution with
 * a window of ones.
 */
final class WindowSpread {
    private WindowSpread() {}

    /**
     * @param perWindow {@code [N, C, windows…]}
     * @param x what the windows lie on, {@code [N, C, spatial…]}
     */
    static Value over(Ops ops, Windows windows, Value perWindow, Value x) {
        Windows whole = windows.withOverhang();
        Value images = ops.reshape(perWindow, channelsAsExamples(perWindow.shape()));
        Value like = new Value(x.name(), channelsAsExamples(x.shape()));
        long[] kernel = new long[whole.axes() + 2];
        Arrays.fill(kernel, 0, 2, 1);
        System.arraycopy(whole.kernel(), 0, kernel, 2, whole.axes());
        float[] ones = new float[Math.toIntExact(whole.kernelSize())];
        Arrays.fill(ones, 1);
        Value window = ops.emitter().constant(Tensor.of(Shape.of(kernel), ones));
        return ops.reshape(ConvRule.transposedConvolution(ops, images, window, whole, 1, like), x.shape());
    }

    /** {@code [N·C, 1, spatial…]}. */
    private static TensorShape channelsAsExamples(TensorShape shape) {
        List<Dim> dims = new ArrayList<>(shape.dims());
        dims.set(0, AxisProduct.merged(dims.subList(0, 2)));
        dims.set(1, Dim.of(1));
        return new TensorShape(dims);
    }
}
