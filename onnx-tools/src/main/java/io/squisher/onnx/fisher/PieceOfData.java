package io.squisher.onnx.fisher;

import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * Some examples as a plan takes them, which may be others than those it was made with.
 *
 * @param labels empty where there are none and the kind needs none
 */
record PieceOfData(BoundGraph bound, Optional<LabelArray> labels) {
    Examples examples() {
        return bound.examples();
    }

    /**
     * The same examples, whose inputs leave those of others as they are.
     *
     * @param which of several; the same one has the same buffers
     */
    PieceOfData beside(int which) {
        return which == 0 ? this : new PieceOfData(bound.with(examples().beside(which)), labels);
    }

    /** The model's inputs for examples {@code from} to {@code from + rows}. */
    Map<String, Tensor> inputs(long from, int rows) {
        return bound.inputs(from, rows);
    }

    /** The labels of those examples, where there are any. */
    Optional<Tensor> labels(long from, int rows, ElementType type) {
        return labels.map(array -> array.batch(from, rows, type));
    }
}
