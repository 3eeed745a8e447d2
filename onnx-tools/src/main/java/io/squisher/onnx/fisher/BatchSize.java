package io.squisher.onnx.fisher;

import io.squisher.onnx.autodiff.GraphValues;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;

/** How many examples to run at once, from what they are estimated to need in memory. */
final class BatchSize {
    /** Larger budgets win nothing: products are large enough, and what is reused stays nearer to the processor. */
    private static final long BUDGET_BYTES = 192L << 20;

    private static final int LARGEST = 256;

    private BatchSize() {}

    /**
     * The largest power of two within the budget.
     */
    static int automatic(GraphValues values) {
        long activations = 0;
        for (Node node : values.graph().nodes()) {
            for (String output : node.outputs()) {
                TensorShape shape = values.shapes().get(output);
                if (shape != null && shape.hasExamples() && values.isFloating(output)) {
                    activations += shape.sizePerExample();
                }
            }
        }
        long bytes = 4 * 2 * activations;
        long fitting = Math.max(1, BUDGET_BYTES / Math.max(1, bytes));
        return (int) Math.min(LARGEST, Long.highestOneBit(fitting));
    }
}
