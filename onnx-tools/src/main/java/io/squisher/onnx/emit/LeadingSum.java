package io.squisher.onnx.emit;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums over all leading axes, the examples' among them, down to a vector: the gradient of a bias, or of a normalization's scale.
 * As a product with a row of ones, which ONNX Runtime does two to seven times as fast as the reduction.
 */
final class LeadingSum {
    private final Map<Dim, Value> ones = new HashMap<>();

    /** Whether {@code target} is the last axis of {@code x} alone. */
    static boolean applies(TensorShape x, TensorShape target) {
        return x.rank() > 1
                && target.rank() == 1
                && !target.hasExamples()
                && target.size(0) > 1
                && x.dim(-1).equals(target.dim(0))
                && x.hasExamples();
    }

    Value of(Ops ops, Value x, TensorShape target) {
        int last = x.rank() - 1;
        Dim leading = merged(x.shape().slice(0, last));
        Value matrix = ops.reshape(x, TensorShape.of(leading, x.shape().dim(last)));
        Value row = ones.computeIfAbsent(leading, missing -> ones(ops, matrix));
        return ops.reshape(ops.matMul(row, matrix), target);
    }

    private static Value ones(Ops ops, Value matrix) {
        Value count = ops.slice(ops.shapeOf(matrix), 0, 0, 1, 1);
        return ops.emitter()
                .node(
                        "Expand",
                        TensorShape.of(Dim.of(1), matrix.shape().dim(0)),
                        Attributes.NONE,
                        ops.emitter().constant(Tensor.of(Shape.of(1, 1), 1f)),
                        ops.concat(0, List.of(ops.integers(1), count)));
    }

    private static Dim merged(TensorShape shape) {
        int example = shape.exampleAxis();
        Dim dim = shape.dim(example);
        return new Dim(
                shape.product(0, example) * dim.outer(), dim.inner() * shape.product(example + 1, shape.rank()), true);
    }
}
