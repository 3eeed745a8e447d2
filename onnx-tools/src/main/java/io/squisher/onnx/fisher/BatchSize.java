package io.squisher.onnx.fisher;

import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import java.util.HashSet;
import java.util.Set;

/** How many examples to run at once, from what they are estimated to need in memory. */
final class BatchSize {
    /** Activations of this size at most: beyond it they have left the caches when the gradient comes back for them. */
    private static final long NEAR_BYTES = 24L << 20;

    /** So many examples are worth more than caches: weights are read, and sums written, once for all of them. */
    private static final int WORTHWHILE = 8;

    /** Activations that a small machine has memory for. */
    private static final long BUDGET_BYTES = 512L << 20;

    private static final int LARGEST = 1024;

    private BatchSize() {}

    /**
     * The number that was asked for, or one that fits into memory.
     *
     * @param single whether the model takes one example at a time
     */
    static int of(FisherRequest request, boolean single, GraphValues values) {
        boolean one = single || request.kind() instanceof FisherKind.Absolute;
        return one ? 1 : request.batchSize().orElseGet(() -> automatic(values));
    }

    /** A power of two. */
    static int automatic(GraphValues values) {
        long bytes = 0;
        for (Node node : values.graph().nodes()) {
            for (String output : node.outputs()) {
                TensorShape shape = values.shapes().get(output);
                if (shape != null && shape.hasExamples() && values.isFloating(output)) {
                    bytes += 4 * shape.sizePerExample();
                }
            }
        }
        long near = Math.max(WORTHWHILE, NEAR_BYTES / Math.max(1, bytes));
        long fitting = Math.max(1, BUDGET_BYTES / Math.max(1, bytes + 4 * largestShared(values)));
        return (int) Math.min(LARGEST, Long.highestOneBit(Math.min(near, fitting)));
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
