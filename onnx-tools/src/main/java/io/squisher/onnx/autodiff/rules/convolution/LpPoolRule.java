package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/**
 * Gradient of LpPool and GlobalLpPool, {@code Y = (Σ_window |X|^p)^(1/p)}: {@code dX = sign(X) |X|^(p−1) Σ Y^(1−p) dY} over
 * the windows that X is in; 0 where a window is all zeros.
 */
public final class LpPoolRule implements GradientRule {
    private final boolean global;

    /** Of windows, or of one window that is the whole plane. */
    public LpPoolRule(boolean global) {
        this.global = global;
    }

    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        long p = c.attributes().integer("p", 2);
        Value zero = ops.equal(c.y(0), ops.scalar(0));
        Value norm = ops.where(zero, ops.scalar(1), c.y(0));
        Value perWindow = ops.where(zero, ops.scalar(0), ops.mul(c.dy(), ops.pow(norm, ops.scalar(1 - p))));
        Value magnitude = p == 1
                ? ops.unary("Sign", x)
                : p == 2 ? x : ops.mul(ops.unary("Sign", x), ops.pow(ops.unary("Abs", x), ops.scalar(p - 1)));
        return Gradients.of(ops.mul(magnitude, global ? perWindow : spread(c, perWindow)));
    }

    private static Value spread(RuleContext c, Value perWindow) {
        long[] kernel = c.attributes().integers("kernel_shape", new long[0]);
        Windows windows = Windows.of(c.node(), c.x(0).shape(), c.y(0).shape(), kernel);
        return WindowSpread.over(c.ops(), windows, perWindow, c.x(0));
    }
}
