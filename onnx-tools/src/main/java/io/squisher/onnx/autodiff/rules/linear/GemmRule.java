package io.squisher.onnx.autodiff.rules.linear;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/**
 * Gradient of Gemm, {@code Y = α A' B' + β C} with A' and B' the inputs, transposed where said: {@code dA' = α dY B'ᵀ},
 * {@code dB' = α A'ᵀ dY}, {@code dC = β dY}.
 */
public final class GemmRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        boolean transA = c.attributes().integer("transA", 0) != 0;
        boolean transB = c.attributes().integer("transB", 0) != 0;
        if (c.x(0).shape().dim(transA ? 0 : 1).perExample()) {
            throw c.refuse("sums over the axis of the examples, which mixes them");
        }
        double alpha = c.attributes().number("alpha", 1);
        double beta = c.attributes().number("beta", 1);
        Value scaled = ops.scale(c.dy(), alpha);

        Value da = null;
        if (c.wants(0)) {
            da = transA ? ops.gemm(c.x(1), transB, scaled, true) : ops.gemm(scaled, false, c.x(1), !transB);
        }
        Value db = null;
        if (c.wants(1)) {
            db = transB ? ops.gemm(scaled, true, c.x(0), transA) : ops.gemm(c.x(0), !transA, scaled, false);
        }
        return Gradients.of(da, db, c.wants(2) ? ops.scale(c.dy(), beta) : null);
    }
}
