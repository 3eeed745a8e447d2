package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.stream.IntStream;

/** Axes in the order {@code perm}, reversed by default. */
final class Transpose {
    private Transpose() {}

    static Value evaluate(OperatorCall call) {
        int rank = call.input(0).rank();
        int[] reversed = IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
        return call.input(0).transposed(call.ints("perm", reversed));
    }
}
