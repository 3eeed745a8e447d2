package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import java.util.stream.IntStream;

/**
 * Gradient of Conv, {@code Y[n,o,p] = b[o] + Σ_{c,k} W[o,c,k] X[n,c,s·p+d·k−pad]}, with n examples, o and c channels, p
 * positions, k elements of the window, s the stride and d the dilation.
 *
 * <p>{@code dX} is a convolution with the mirrored, transposed weights where the stride is 1 (as fast as the forward),
 * otherwise a {@linkplain ColumnSum product} at few positions and a transposed convolution at many. {@code db = Σ_{n,p} dY}. {@code dW} is the sum over examples of the product that
 * {@link PatchProduct} makes.
 */
public final class ConvRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Windows windows = Windows.ofConvolution(c);
        long group = c.attributes().integer("group", 1);
        Value dx = null;
        if (c.wants(0)) {
            boolean mirrored = windows.isDense() && group == 1 && !cropsBefore(windows);
            dx = mirrored ? mirrored(c, windows) : strided(c, windows, group);
        }
        Value dw = c.wants(1) ? weights(c) : null;
        Value db = c.wants(2) ? c.ops().moveAxis(c.dy(), 1, c.dy().rank() - 1) : null;
        return Gradients.of(dx, dw, db);
    }

    /** Whether the mirrored convolution would need negative padding, which Conv does not have. */
    private static boolean cropsBefore(Windows windows) {
        return IntStream.range(0, windows.axes())
                .anyMatch(i -> windows.padsBefore()[i] > windows.extent(i) - 1
                        || windows.padsBehind()[i] > windows.extent(i) - 1);
    }

    /** dX = dY ∗ mirror(Wᵀ), padded by what the window extends beyond one element. */
    private static Value mirrored(RuleContext c, Windows windows) {
        Ops ops = c.ops();
        Value w = ops.moveAxis(c.x(1), 0, 1);
        int axes = windows.axes();
        long[] pads = new long[2 * axes];
        for (int i = 0; i < axes; i++) {
            w = ops.reversed(w, i + 2);
            pads[i] = windows.extent(i) - 1 - windows.padsBefore()[i];
            // What the forward left unread behind, the gradient is 0 on: the padding reaches that far.
            pads[axes + i] = windows.input()[i] - windows.output()[i] + windows.padsBefore()[i];
        }
        Attributes attributes = Attributes.NONE.with("pads", pads).with("dilations", windows.dilations());
        return ops.emitter().node("Conv", c.x(0).shape(), attributes, c.dy(), w);
    }

    private static Value strided(RuleContext c, Windows windows, long group) {
        ColumnSum columns = new ColumnSum(windows);
        if (group == 1 && columns.pays(c.dy().shape().size(1))) {
            return columns.of(c.ops(), c.dy(), c.x(1), c.x(0).shape());
        }
        return transposedConvolution(c.ops(), c.dy(), c.x(1), windows, group, c.x(0));
    }

    /** A transposed convolution of {@code dy} with {@code w} that has the shape of {@code x}. */
    static Value transposedConvolution(Ops ops, Value dy, Value w, Windows windows, long group, Value x) {
        int axes = windows.axes();
        long[] outputPadding = new long[axes];
        for (int i = 0; i < axes; i++) {
            long reached = (windows.output()[i] - 1) * windows.strides()[i]
                    + windows.extent(i)
                    - windows.padsBefore()[i]
                    - windows.padsBehind()[i];
            outputPadding[i] = windows.input()[i] - reached;
        }
        Attributes attributes = Attributes.NONE
                .with("strides", windows.strides())
                .with("dilations", windows.dilations())
                .with("pads", windows.pads())
                .with("group", group)
                .with("output_padding", outputPadding);
        return ops.emitter().node("ConvTranspose", x.shape(), attributes, dy, w);
    }

    private static Value weights(RuleContext c) {
        PatchProduct product = PatchProduct.of(c);
        return product.summed(c.ops());
    }
}
