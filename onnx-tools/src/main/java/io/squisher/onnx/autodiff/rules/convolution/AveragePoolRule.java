package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;

/**
 * Gradient of AveragePool: each output's, over the number of elements that were averaged there, at each of them. It is a
 * transposed convolution with a window of ones, for every channel by itself.
 */
public final class AveragePoolRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        Windows windows =
                Windows.of(c.node(), x.shape(), c.y(0).shape(), c.attributes().integers("kernel_shape", new long[0]));
        boolean countPadding = c.attributes().integer("count_include_pad", 0) != 0;
        if (countPadding
                && windows.axes() > 1
                && Arrays.stream(windows.pads()).distinct().count() > 1) {
            throw c.refuse(
                    "counts padding that is not the same on all sides, of which ONNX Runtime counts less than there is;"
                            + " export with a Pad in front of it");
        }
        Value scaled = ops.mul(c.dy(), ops.emitter().constant(shares(windows, countPadding)));
        return Gradients.of(WindowSpread.over(ops, windows, scaled, x));
    }

    /** One over the number of averaged elements, for each output position. */
    private static Tensor shares(Windows windows, boolean countPadding) {
        float[] shares = new float[Math.toIntExact(windows.positions())];
        for (int p = 0; p < shares.length; p++) {
            long rest = p;
            long count = 1;
            for (int i = windows.axes() - 1; i >= 0; i--) {
                count *= averaged(windows, i, rest % windows.output()[i], countPadding);
                rest /= windows.output()[i];
            }
            shares[p] = 1f / count;
        }
        return Tensor.of(Shape.of(windows.output()), shares);
    }

    /** Elements of the window along one axis that are inside the input, or inside its padding where that counts. */
    private static long averaged(Windows windows, int axis, long position, boolean countPadding) {
        long first = countPadding ? -windows.padsBefore()[axis] : 0;
        long end = windows.input()[axis] + (countPadding ? windows.padsBehind()[axis] : 0);
        long count = 0;
        for (long k = 0; k < windows.kernel()[axis]; k++) {
            long at = position * windows.strides()[axis] - windows.padsBefore()[axis] + k * windows.dilations()[axis];
            if (at >= first && at < end) {
                count++;
            }
        }
        return count;
    }
}
