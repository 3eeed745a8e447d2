package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import java.util.Optional;

/** A matrix of weights: {@code G_n = A_nᵀ B_n}, summed over S shared positions. */
record LinearGradient(SharedProduct product) implements ExampleGradient {
    private static final int GROUP = 1;

    /**
     * The gradient from its factors.
     *
     * @param a {@code [N, S, rows]}
     * @param b {@code [N, S, columns]}
     */
    static LinearGradient of(Ops ops, Value a, Value b) {
        return new LinearGradient(new SharedProduct(ops.unsqueeze(a, GROUP), ops.unsqueeze(b, GROUP), false));
    }

    /** {@code [N, rows, columns]}. */
    @Override
    public Value perExample(Ops ops) {
        return ungrouped(ops, product.perExample(ops));
    }

    @Override
    public Value sumOfSquares(Ops ops, int batch) {
        Value grouped = product.sumOfSquares(ops, batch);
        return ops.reshape(grouped, grouped.shape().slice(1, 3));
    }

    @Override
    public Value weightedNorms(Ops ops, Optional<Value> weights, int batch) {
        return product.weightedNorms(ops, weights, batch);
    }

    @Override
    public Optional<Factors> factors(Ops ops) {
        return Optional.of(new Factors(ungrouped(ops, product.left()), ungrouped(ops, product.right())));
    }

    private static Value ungrouped(Ops ops, Value grouped) {
        return ops.reshape(
                grouped,
                TensorShape.perExample(grouped.shape().size(2), grouped.shape().size(3)));
    }

    @Override
    public String path() {
        return product.path();
    }
}
