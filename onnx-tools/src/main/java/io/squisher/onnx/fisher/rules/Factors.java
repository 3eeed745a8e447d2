package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.List;

/**
 * A gradient as a product of matrices for each example, {@code G_n = A_nᵀ B_n}. The sum of such products is one more of them, over
 * the positions of all: {@code Σ_u A_uᵀ B_u = [A_1; A_2; …]ᵀ [B_1; B_2; …]}.
 *
 * @param a {@code [N, S, rows]}
 * @param b {@code [N, S, columns]}
 */
public record Factors(Value a, Value b) {
    /** Those of the transposed gradient. */
    public Factors transposed() {
        return new Factors(b, a);
    }

    /** The positions that are summed over, S. */
    public long positions() {
        return a.shape().size(1);
    }

    /** The sum of some gradients of one shape, none of which is then in memory as a whole. */
    public static ExampleGradient sum(Ops ops, List<Factors> summands) {
        Value a = ops.concat(1, summands.stream().map(Factors::a).toList());
        Value b = ops.concat(1, summands.stream().map(Factors::b).toList());
        return LinearGradient.of(ops, a, b);
    }
}
