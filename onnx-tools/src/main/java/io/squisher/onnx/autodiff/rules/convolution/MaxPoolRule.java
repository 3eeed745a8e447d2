package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.List;

/**
 * Gradient of MaxPool: each output's goes to the input element that was the largest; among equals to the first.
 *
 * <p>Where windows do not overlap each input element receives at most one gradient and MaxUnpool places it; otherwise
 * the gradients are scattered and added up.
 */
public final class MaxPoolRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        Windows windows =
                Windows.of(c.node(), x.shape(), c.y(0).shape(), c.attributes().integers("kernel_shape", new long[0]));
        requireAllWindows(c, windows);
        Value indices = ops.emitter()
                .nodes("MaxPool", List.of(c.y(0).shape(), c.y(0).shape()), rowMajor(c), x)
                .get(1);
        long area = x.shape().product(2, x.rank());
        long channels = x.shape().size(1);
        long positions = windows.positions();

        // The indices count through the whole tensor; each channel of each example is a row of its own.
        Value inRow = ops.emitter().node("Mod", indices.shape(), Attributes.NONE, indices, ops.integer(area));
        TensorShape rows = rows(x, channels, positions);
        Value zeros = ops.zeros(rows(x, channels, area), x);
        Attributes scatter = Attributes.NONE.with("axis", 2);
        Value scattered = ops.emitter()
                .node(
                        "ScatterElements",
                        zeros.shape(),
                        windows.isDisjoint() ? scatter : scatter.with("reduction", "add"),
                        zeros,
                        ops.reshape(inRow, rows),
                        ops.reshape(c.dy(), rows));
        return Gradients.of(ops.reshape(scattered, x.shape()));
    }

    /**
     * ONNX Runtime leaves out a window that starts behind the input, but plans memory as if it were there: its runs end in an
     * error where the output's memory is used again.
     */
    private static void requireAllWindows(RuleContext c, Windows windows) {
        boolean automatic = c.attributes().string("auto_pad", "NOTSET").startsWith("SAME");
        if (automatic || c.attributes().integer("ceil_mode", 0) == 0) {
            return;
        }
        for (int i = 0; i < windows.axes(); i++) {
            long room = windows.input()[i] + windows.padsBefore()[i] + windows.padsBehind()[i] - windows.extent(i);
            if (windows.output()[i] < -Math.floorDiv(-room, windows.strides()[i]) + 1) {
                throw c.refuse(
                        "has by ceil_mode a window wholly behind its input, with which ONNX Runtime plans and without"
                                + " which it runs; export with ceil_mode 0");
            }
        }
    }

    /** {@code [N, channels, size]}. */
    private static TensorShape rows(Value x, long channels, long size) {
        return TensorShape.of(x.shape().dim(0), Dim.of(channels), Dim.of(size));
    }

    /** The node's attributes, with indices that count rows first; they are the forward node's own where it does so too. */
    private static Attributes rowMajor(RuleContext c) {
        boolean columnMajor = c.attributes().integer("storage_order", 0) != 0;
        return columnMajor ? c.attributes().without("storage_order") : c.attributes();
    }
}
