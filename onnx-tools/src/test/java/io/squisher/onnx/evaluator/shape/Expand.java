package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Broadcast;
import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.stream.IntStream;

/** Expand and Tile. */
final class Expand {
    private Expand() {}

    /** Broadcasting in both directions. */
    static Value evaluate(OperatorCall call) {
        return call.input(0)
                .broadcastTo(Broadcast.dims(call.input(0).dims(), call.input(1).ints()));
    }

    /** Tile: the whole tensor repeated along each axis; before opset 6 along one axis. */
    static Value tile(OperatorCall call) {
        Value result = call.input(0);
        if (call.opset() < 6) {
            return tile(result, Dims.axis(call.input(2).longAt(0), result.rank()), (int)
                    call.input(1).longAt(0));
        }
        int[] repeats = call.input(1).ints();
        for (int axis = 0; axis < repeats.length; axis++) {
            result = tile(result, axis, repeats[axis]);
        }
        return result;
    }

    private static Value tile(Value data, int axis, int repeats) {
        int dim = data.dim(axis);
        return data.select(
                axis, IntStream.range(0, dim * repeats).map(i -> i % dim).toArray());
    }
}
