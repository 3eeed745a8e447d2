package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/** The dimensions from {@code start} to {@code end} (opset 15), clamped to the rank. */
final class Shape {
    private Shape() {}

    static Value evaluate(OperatorCall call) {
        int[] dims = call.input(0).dims();
        int start = clamp(call.integer("start", 0), dims.length);
        int end = clamp(call.integer("end", dims.length), dims.length);
        return Value.vector(Arrays.copyOfRange(dims, start, Math.max(start, end)));
    }

    private static int clamp(int axis, int rank) {
        return Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    /** Size: the number of elements. */
    static Value size(OperatorCall call) {
        return Value.ints(new int[0], call.input(0).size());
    }
}
