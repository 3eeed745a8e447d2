package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Node;
import java.util.List;
import java.util.Optional;

/**
 * Gradient of Softmax, {@code Y = exp(X) / Σ_axis exp(X)}: {@code dX = Y ⊙ (dY − Σ_axis dY ⊙ Y)}.
 *
 * <p>In attention, where {@code Z = Y V} alone reads Y, {@code dY = dZ Vᵀ} and so {@code Σ_keys dY ⊙ Y = Σ_features dZ ⊙ Z}
 * (Dao et al. 2022, <em>FlashAttention</em>, appendix B.2): a sum over a head's features in place of one over all keys.
 */
public final class SoftmaxRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        int axis = c.axis(c.attributes().integer("axis", -1), c.y(0).rank());
        if (c.x(0).shape().dim(axis).perExample()) {
            throw c.refuse("normalises over the axis of the examples, which mixes them");
        }
        Value y = c.y(0);

        Value sum = axis == y.rank() - 1
                ? attended(c).orElseGet(() -> ops.reduceSum(ops.mul(c.dy(), y), true, axis))
                : ops.reduceSum(ops.mul(c.dy(), y), true, axis);
        return Gradients.of(ops.mul(y, ops.sub(c.dy(), sum)));
    }

    /** The sum by way of the product with V, if dY is known to be dZ Vᵀ. */
    private static Optional<Value> attended(RuleContext c) {
        String y = c.node().output(0);
        List<Node> readers = c.values().graph().nodes().stream()
                .filter(node -> node.inputs().contains(y))
                .toList();
        if (readers.size() != 1
                || !readers.get(0).op().equals("MatMul")
                || !readers.get(0).input(0).equals(y)) {
            return Optional.empty();
        }
        String v = readers.get(0).input(1);
        Value z = c.values().value(readers.get(0).output(0));
        Emitter emitter = c.ops().emitter();
        return emitter.producer(c.dy().name())
                .filter(product -> product.op().equals("MatMul") && z.rank() == c.y(0).rank())
                .filter(product -> emitter.producer(product.input(1))
                        .filter(t -> t.op().equals("Transpose") && t.input(0).equals(v))
                        .isPresent())
                .map(product -> new Value(product.input(0), z.shape()))
                .map(dz -> c.ops().reduceSum(c.ops().mul(dz, z), true, z.rank() - 1));
    }
}
