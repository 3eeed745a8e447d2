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

/**
 * Gradient of BatchNormalization in inference, {@code Y = γ r (X − μ) + β} per channel with {@code r = (σ² + ε)^-½}:
 * {@code dX = γ r dY}, {@code dγ = r (X − μ) dY}, {@code dβ = dY}, {@code dμ = −γ r dY}, {@code dσ² = −½ γ r³ (X − μ) dY}.
 */
public final class BatchNormalizationRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        if (c.attributes().integer("training_mode", 0) != 0) {
            throw c.refuse("is in training mode, which mixes the examples of a batch; export the model in eval mode");
        }
        Ops ops = c.ops();
        TensorShape perChannel = perChannel(c.x(0).shape());
        Value scale = ops.reshape(c.x(1), perChannel);
        Value mean = ops.reshape(c.x(3), perChannel);
        Value variance = ops.reshape(c.x(4), perChannel);
        Value shifted = ops.add(variance, ops.scalar(c.attributes().number("epsilon", 1e-5f)));
        Value rstd = ops.unary("Reciprocal", ops.unary("Sqrt", shifted));
        Value factor = ops.mul(scale, rstd);

        Value dx = ops.mul(c.dy(), factor);
        Value dScale = null;
        if (c.wants(1) || c.wants(4)) {
            dScale = ops.mul(c.dy(), ops.mul(ops.sub(c.x(0), mean), rstd));
        }
        Value dMean = c.wants(3) ? ops.unary("Neg", dx) : null;
        Value dVariance = c.wants(4) ? ops.mul(dScale, ops.scale(ops.mul(scale, ops.square(rstd)), -0.5)) : null;
        return Gradients.of(
                dx, channels(c, 1, dScale), channels(c, 2, c.dy()), channels(c, 3, dMean), channels(c, 4, dVariance));
    }

    /** {@code [C, 1, …]}: what broadcasts over {@code [N, C, spatial…]}. */
    private static TensorShape perChannel(TensorShape x) {
        List<Dim> dims = new ArrayList<>();
        dims.add(x.dim(1));
        for (int axis = 2; axis < x.rank(); axis++) {
            dims.add(Dim.of(1));
        }
        return new TensorShape(dims);
    }

    /** The gradient {@code [N, C, spatial…]} of a per-channel input, with channels last so that it broadcasts. */
    private static Value channels(RuleContext c, int position, Value gradient) {
        return gradient == null || !c.wants(position) ? null : c.ops().moveAxis(gradient, 1, gradient.rank() - 1);
    }
}
