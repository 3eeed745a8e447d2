package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Weighted squared norms of gradients that are computed already. */
public final class WeightedNorms {
    private WeightedNorms() {}

    /**
     * {@code Σ_j w_j g_nj²}: {@code [N]}.
     *
     * @param gradients {@code [N, …]}
     * @param weights in the shape of one gradient; empty for ones
     */
    public static Value of(Ops ops, Value gradients, Optional<Value> weights) {
        Value squares = ops.square(gradients);
        Value weighted = weights.map(given -> ops.mul(squares, ops.reshape(given, leadingOne(squares.shape()))))
                .orElse(squares);
        return ops.reduceSum(
                weighted, false, IntStream.range(1, weighted.rank()).toArray());
    }

    private static TensorShape leadingOne(TensorShape gradients) {
        List<Dim> dims = new ArrayList<>(gradients.dims());
        dims.set(0, Dim.of(1));
        return new TensorShape(dims);
    }
}
