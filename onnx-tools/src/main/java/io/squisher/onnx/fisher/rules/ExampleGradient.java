package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Optional;

/** The gradients of each example at one use of a parameter, not yet computed: what is cheapest depends on what is wanted. */
public interface ExampleGradient {
    /** One gradient an example: {@code [N, parameter…]}. */
    Value perExample(Ops ops);

    /**
     * {@code Σ_n g_n²} in the parameter's shape.
     *
     * @param batch how many examples will run at once; the graph runs with any number, but plans its memory for this one
     */
    default Value sumOfSquares(Ops ops, int batch) {
        return ops.sumOverExamples(ops.square(perExample(ops)));
    }

    /**
     * {@code Σ_j w_j g_nj²} of each example n: {@code [N]}.
     *
     * @param weights w in the parameter's shape; empty for ones
     * @param batch how many examples will run at once
     */
    default Value weightedNorms(Ops ops, Optional<Value> weights, int batch) {
        return WeightedNorms.of(ops, perExample(ops), weights);
    }

    /** The gradient as a product of matrices for each example; empty where it is none. */
    default Optional<Factors> factors(Ops ops) {
        return Optional.empty();
    }

    /** How it is computed, for {@code --verbose}. */
    String path();
}
