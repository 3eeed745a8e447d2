package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.Arrays;

/**
 * Gradient of Col2Im, which adds blocks {@code [N, C·k, positions]} into images {@code [N, C, image…]}: each block element
 * takes the gradient of the image element that it was added to, none in the padding.
 */
public final class Col2ImRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        TensorShape y = c.y(0).shape();
        long[] image = c.integers(1, "image_shape");
        long[] kernel = c.integers(2, "block_shape");
        long plane = Arrays.stream(image).reduce(1, (a, b) -> a * b);
        long taps = Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
        long positions = x.size(2);

        Value planes = ops.reshape(c.dy(), TensorShape.of(y.dim(0), y.dim(1), Dim.of(plane)));
        // One zero behind stands for all of the padding.
        Value padded = ops.pad(planes, new long[3], new long[] {0, 0, 1});
        Value cells = ops.integers(cells(c, image, kernel, Math.toIntExact(taps * positions)));
        Value picked = ops.emitter()
                .node(
                        "Gather",
                        padded.shape().with(2, Dim.of(taps * positions)),
                        Attributes.NONE.with("axis", 2L),
                        padded,
                        cells);
        return Gradients.of(ops.reshape(picked, x));
    }

    /** Position in the image of each block element and window position; {@code plane} for the padding. */
    private static long[] cells(RuleContext c, long[] image, long[] kernel, int count) {
        int axes = image.length;
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        long[] strides = c.attributes().integers("strides", ones);
        long[] dilations = c.attributes().integers("dilations", ones);
        long[] pads = c.attributes().integers("pads", new long[2 * axes]);
        long[] windows = new long[axes];
        for (int i = 0; i < axes; i++) {
            windows[i] = (image[i] + pads[i] + pads[axes + i] - (kernel[i] - 1) * dilations[i] - 1) / strides[i] + 1;
        }
        long plane = Arrays.stream(image).reduce(1, (a, b) -> a * b);
        long positions = Arrays.stream(windows).reduce(1, (a, b) -> a * b);
        long[] cells = new long[count];
        for (int cell = 0; cell < count; cell++) {
            long tap = cell / positions;
            long position = cell % positions;
            long stride = 1;
            for (int i = axes - 1; i >= 0; i--) {
                long at = position % windows[i] * strides[i] - pads[i] + tap % kernel[i] * dilations[i];
                boolean inside = at >= 0 && at < image[i] && cells[cell] < plane;
                cells[cell] = inside ? cells[cell] + at * stride : plane;
                stride *= image[i];
                position /= windows[i];
                tap /= kernel[i];
            }
        }
        return cells;
    }
}
