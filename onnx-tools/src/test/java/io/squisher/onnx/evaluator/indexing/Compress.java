package io.squisher.onnx.evaluator.indexing;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.stream.IntStream;

/** Compress and NonZero. */
final class Compress {
    private Compress() {}

    /** The slices along an axis (of the flattened tensor without one) whose condition holds. */
    static Value evaluate(OperatorCall call) {
        Value data = call.input(0);
        Value condition = call.input(1);
        int[] kept = IntStream.range(0, condition.size())
                .filter(i -> condition.longAt(i) != 0)
                .toArray();
        return call.hasAttribute("axis")
                ? data.select(Dims.axis(call.integer("axis", 0), data.rank()), kept)
                : data.reshaped(data.size()).select(0, kept);
    }

    /** NonZero: the coordinates [rank, count] of the elements that are not 0. */
    static Value nonZero(OperatorCall call) {
        Value x = call.input(0);
        int[] found =
                IntStream.range(0, x.size()).filter(i -> x.doubleAt(i) != 0).toArray();
        long[] coordinates = new long[x.rank() * found.length];
        for (int i = 0; i < found.length; i++) {
            int[] index = Dims.unravel(found[i], x.dims());
            for (int axis = 0; axis < index.length; axis++) {
                coordinates[axis * found.length + i] = index[axis];
            }
        }
        return Value.ints(new int[] {x.rank(), found.length}, coordinates);
    }
}
