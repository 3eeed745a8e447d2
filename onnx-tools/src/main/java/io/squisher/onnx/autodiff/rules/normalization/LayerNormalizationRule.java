package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gradient of LayerNormalization, {@code Y = γ Z + β} with {@code Z = (X − mean) r} and {@code r = (var + ε)^-½}, mean and
 * variance over the axes from {@code axis} on: {@code dX = r (γ dY − mean(γ dY) − Z mean(γ dY Z))}; {@code dγ = Z dY},
 * {@code dβ = dY}.
 *
 * <p>Over the last axis alone the two means are products with the vector γ/D, which read dY once each; and Z dY is what
 * dγ is made of as well.
 */
public final class LayerNormalizationRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int first = c.axis(c.attributes().integer("axis", -1), x.rank());
        TensorShape rows = x.shape();
        for (int axis = first; axis < x.rank(); axis++) {
            if (rows.dim(axis).perExample()) {
                throw c.refuse("normalises over the axis of the examples, which mixes them");
            }
            rows = rows.with(axis, Dim.of(1));
        }
        // The operator returns mean and deviation itself; the nodes are the same as the forward's but for that.
        List<Value> statistics = ops.emitter()
                .nodes(
                        "LayerNormalization",
                        List.of(x.shape(), rows, rows),
                        c.attributes(),
                        IntStream.range(0, c.node().inputs().size())
                                .mapToObj(c::x)
                                .toArray(Value[]::new));
        Value rstd = statistics.get(2);
        Value z = ops.mul(ops.sub(x, statistics.get(1)), rstd);
        Value dy = c.dy(0).orElseGet(() -> ops.zeros(x.shape(), x));
        Value product = ops.mul(dy, z);

        Value dx = null;
        if (c.wants(0)) {
            dx = input(c, first, dy, z, product, rstd);
            dx = withStatistics(c, dx, rstd, z, x.shape().product(first, x.rank()));
        }
        return Gradients.of(dx, product, dy);
    }

    private static Value input(RuleContext c, int first, Value dy, Value z, Value product, Value rstd) {
        Ops ops = c.ops();
        Value scaled = ops.mul(dy, c.x(1));
        Value mean;
        Value projection;
        if (first == z.rank() - 1 && first > 0 && c.x(1).rank() == 1) {
            long width = z.shape().size(first);
            Value weights = ops.scale(ops.unsqueeze(c.x(1), 1), 1.0 / width);
            mean = ops.matMul(dy, weights);
            projection = ops.matMul(product, weights);
        } else {
            int[] axes = IntStream.range(first, z.rank()).toArray();
            mean = ops.reduce("ReduceMean", scaled, true, axes);
            projection = ops.reduce("ReduceMean", ops.mul(product, c.x(1)), true, axes);
        }
        return ops.mul(rstd, ops.sub(ops.sub(scaled, mean), ops.mul(z, projection)));
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
