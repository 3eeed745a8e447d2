package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.linear.AxisProduct;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/**
 * Gradient of LRN, {@code Y = X S^-β} with {@code S = bias + α/size Σ X²} over the channels around the own one: {@code dX =
 * dY S^-β − 2 α β / size · X Σ dY X S^(−β−1)}, that sum over the channels whose S the own one is in.
 */
public final class LocalResponseNormalizationRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int size = (int) c.attributes().integer("size", 1);
        double factor = c.attributes().number("alpha", 1e-4f) / size;
        double beta = c.attributes().number("beta", 0.75f);
        float[][] around = around(Math.toIntExact(x.shape().size(1)), size);

        Value squares = AxisProduct.along(ops, ops.square(x), 1, around);
        Value s = ops.add(ops.scale(squares, factor), ops.scalar(c.attributes().number("bias", 1)));
        Value direct = ops.mul(c.dy(), ops.pow(s, ops.scalar(-beta)));
        Value shares = ops.mul(ops.mul(c.dy(), x), ops.pow(s, ops.scalar(-beta - 1)));
        Value collected = AxisProduct.along(ops, shares, 1, AxisProduct.transposed(around, around.length));
        return Gradients.of(ops.sub(direct, ops.mul(ops.scale(x, 2 * factor * beta), collected)));
    }

    /** 1 where the column's channel is in the sum of the row's. */
    private static float[][] around(int channels, int size) {
        float[][] around = new float[channels][channels];
        for (int i = 0; i < channels; i++) {
            int last = Math.min(channels - 1, i + size / 2);
            for (int j = Math.max(0, i - (size - 1) / 2); j <= last; j++) {
                around[i][j] = 1;
            }
        }
        return around;
    }
}
