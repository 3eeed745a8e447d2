package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Value;
import java.util.Optional;

/**
 * MatMul with a matrix of weights: on the right, {@code Y = X W} and {@code G_n = X_nᵀ dY_n}; on the left, {@code Y = W X}
 * and {@code G_n = dY_n X_nᵀ}.
 */
final class MatMulExampleRule implements ExampleGradientRule {
    @Override
    public Optional<ExampleGradient> apply(RuleContext c, int position) {
        Value x = c.x(1 - position);
        if (c.x(position).rank() != 2 || x.rank() < 2) {
            return Optional.empty();
        }
        if (position == 1) {
            if (x.shape().exampleAxis() == x.rank() - 1) {
                return Optional.empty();
            }
            return Optional.of(
                    LinearGradient.of(c.ops(), ExampleFirst.rows(c.ops(), x), ExampleFirst.rows(c.ops(), c.dy())));
        }
        if (x.shape().exampleAxis() == x.rank() - 2) {
            return Optional.empty();
        }
        // dY [.., rows, S] and X [.., columns, S]: the shared axis is the last of both.
        Value dy = c.ops().transposeLastTwo(c.dy());
        Value rows = c.ops().transposeLastTwo(x);
        return Optional.of(
                LinearGradient.of(c.ops(), ExampleFirst.rows(c.ops(), dy), ExampleFirst.rows(c.ops(), rows)));
    }
}
