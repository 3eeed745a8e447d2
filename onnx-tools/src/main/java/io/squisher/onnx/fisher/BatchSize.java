package io.squisher.onnx.fisher;

import io.squisher.onnx.autodiff.GraphValues;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import java.util.HashSet;
import java.util.Set;

/** How many examples to run at once, from what they are estimated to need in memory. */
final class BatchSize {
    /** Larger budgets win nothing: products are large enough, and what is reused stays nearer to the processor. */
    private static final long BUDGET_BYTES = 192L << 20;

    private static final int LARGEST = 256;

    private BatchSize() {}

    /** The largest power of two within the budget. */
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
        // Forward and backward values, and a gradient with its square.
        long bytes = 4 * 2 * (activations + largestShared(values));
        long fitting = Math.max(1, BUDGET_BYTES / Math.max(1, bytes));
        return (int) Math.min(LARGEST, Long.highestOneBit(fitting));
    }

    /** Elements of the largest tensor with several uses, over which its gradients are added up for each example. */
    private static long largestShared(GraphValues values) {
        Set<String> seen = new HashSet<>();
        long largest = 0;
        for (Node node : values.graph().nodes()) {
            for (String input : node.inputs()) {
                TensorShape shape = values.shapes().get(input);
                boolean stored = values.graph().initializers().containsKey(input);
                if (stored && shape != null && values.isFloating(input) && !seen.add(input)) {
                    largest = Math.max(largest, shape.sizePerExample());
                }
            }
        }
        return largest;
    }
}
