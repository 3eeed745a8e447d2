package io.squisher.onnx.autodiff.rules;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.stream.IntStream;

/**
 * Gradient of LayerNormalization, {@code Y = γ Z + β} with {@code Z = (X − mean) r} and {@code r = (var + ε)^-½}, mean and
 * variance over the axes from {@code axis} on: with {@code H = γ dY}, {@code dX = r (H − mean(H) − Z mean(H Z))}; {@code
 * dγ = Z dY}, {@code dβ = dY}.
 */
final class LayerNormalizationRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int first = c.axis(c.attributes().integer("axis", -1), x.rank());
        int[] axes = IntStream.range(first, x.rank()).toArray();
        double epsilon = c.attributes().number("epsilon", 1e-5f);
        Value centred = ops.sub(x, ops.reduce("ReduceMean", x, true, axes));
        Value variance = ops.reduce("ReduceMean", ops.square(centred), true, axes);
        Value rstd = ops.unary("Reciprocal", ops.unary("Sqrt", ops.add(variance, ops.scalar(epsilon))));
        Value z = ops.mul(centred, rstd);

        Value dy = c.dy(0).orElseGet(() -> ops.zeros(x.shape(), x));

        Value dx = null;
        if (c.wants(0)) {
            Value h = ops.mul(dy, c.x(1));
            Value mean = ops.reduce("ReduceMean", h, true, axes);
            Value projection = ops.reduce("ReduceMean", ops.mul(h, z), true, axes);
            dx = ops.mul(rstd, ops.sub(ops.sub(h, mean), ops.mul(z, projection)));
            dx = withStatistics(c, dx, rstd, z, x.shape().product(first, x.rank()));
        }
        return Gradients.of(dx, c.wants(1) ? ops.mul(dy, z) : null, dy);
    }

    /** Adds what comes in at the outputs mean ({@code 1 / count} each) and r ({@code −r² Z / count}). */
    private static Value withStatistics(RuleContext c, Value dx, Value rstd, Value z, long count) {
        Ops ops = c.ops();
        Value sum = dx;
        if (c.dy(1).isPresent()) {
            sum = ops.add(sum, ops.scale(c.dy(1).get(), 1.0 / count));
        }
        if (c.dy(2).isPresent()) {
            sum = ops.sub(sum, ops.mul(ops.scale(ops.mul(c.dy(2).get(), ops.square(rstd)), 1.0 / count), z));
        }
        return sum;
    }
}
