package io.squisher.onnx.fisher;

import io.squisher.onnx.autodiff.GraphValues;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import java.util.Collection;

/** How many examples to run at once, from what they are estimated to need in memory. */
final class BatchSize {
    /** Larger budgets win nothing: products are large enough, and what is reused stays nearer to the processor. */
    private static final long BUDGET_BYTES = 192L << 20;

    private static final int LARGEST = 256;

    private BatchSize() {}

    /**
     * The largest power of two within the budget.
     *
     * @param perExample the largest gradients that are held for each example: parameters whose squares need them
     */
    static int automatic(GraphValues values, Collection<Shape> perExample) {
        long activations = 0;
        for (Node node : values.graph().nodes()) {
            for (String output : node.outputs()) {
                TensorShape shape = values.shapes().get(output);
                if (shape != null && shape.hasExamples() && values.isFloating(output)) {
                    activations += shape.sizePerExample();
                }
            }
        }
        long largest = perExample.stream().mapToLong(Shape::size).max().orElse(0);
        // Forward and backward values, and a gradient with its square.
        long bytes = 4 * (2 * activations + 2 * largest);
        long fitting = Math.max(1, BUDGET_BYTES / Math.max(1, bytes));
        return (int) Math.min(LARGEST, Long.highestOneBit(fitting));
    }
}
