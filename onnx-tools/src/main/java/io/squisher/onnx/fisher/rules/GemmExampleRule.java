package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Optional;

/** Gemm, {@code Y = α A' B' + β C}, with weights as A or B. */
final class GemmExampleRule implements ExampleGradientRule {
    @Override
    public Optional<ExampleGradient> apply(RuleContext c, int position) {
        if (position > 1) {
            return Optional.empty();
        }
        Ops ops = c.ops();
        Value x = c.x(1 - position);
        boolean transposedX = c.attributes().integer(position == 1 ? "transA" : "transB", 0) != 0;
        boolean transposedW = c.attributes().integer(position == 1 ? "transB" : "transA", 0) != 0;
        // With weights as A' the roles are those of the transposed product, Yᵀ = B'ᵀ A'ᵀ.
        Value input = transposedX == (position == 1) ? ops.transpose(x, 1, 0) : x;
        Value dy = ops.scale(
                position == 1 ? c.dy() : ops.transpose(c.dy(), 1, 0),
                c.attributes().number("alpha", 1));
        if (!input.shape().dim(0).perExample()) {
            return Optional.empty();
        }
        Value a = ExampleFirst.rows(ops, input);
        Value b = ExampleFirst.rows(ops, dy);
        return Optional.of(
                transposedW == (position == 1) ? LinearGradient.of(ops, b, a) : LinearGradient.of(ops, a, b));
    }
}
