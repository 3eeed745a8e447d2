package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gradient of GroupNormalization and InstanceNormalization, {@code Y = γ Z + β} per channel, Z standardised over each group
 * of channels, or over each channel: {@code dZ = γ dY}, {@code dγ = Z dY}, {@code dβ = dY}.
 */
public final class GroupNormalizationRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        long groups = c.attributes().integer("num_groups", x.size(1));
        TensorShape grouped = TensorShape.of(x.dim(0), Dim.of(groups), Dim.of(x.product(1, x.rank()) / groups));
        Standardized standardized = Standardized.of(
                ops, ops.reshape(c.x(0), grouped), c.attributes().number("epsilon", 1e-5f), 2);

        Value dx = null;
        if (c.wants(0)) {
            Value dz = ops.mul(c.dy(), ops.reshape(c.x(1), perChannel(x)));
            dx = ops.reshape(standardized.back(ops, ops.reshape(dz, grouped)), x);
        }
        Value dScale = c.wants(1) ? channelsLast(c, ops.mul(c.dy(), ops.reshape(standardized.z(), x))) : null;
        return Gradients.of(dx, dScale, c.wants(2) ? channelsLast(c, c.dy()) : null);
    }

    private static TensorShape perChannel(TensorShape x) {
        List<Dim> dims = new ArrayList<>();
        dims.add(x.dim(1));
        IntStream.range(2, x.rank()).forEach(axis -> dims.add(Dim.of(1)));
        return new TensorShape(dims);
    }

    private static Value channelsLast(RuleContext c, Value gradient) {
        return c.ops().moveAxis(gradient, 1, gradient.rank() - 1);
    }
}
