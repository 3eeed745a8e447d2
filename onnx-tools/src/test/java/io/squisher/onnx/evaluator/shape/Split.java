package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Pieces along an axis: of the lengths given, or equal ones with a shorter last one. */
final class Split {
    private Split() {}

    static List<Value> evaluate(OperatorCall call) {
        Value data = call.input(0);
        int axis = Dims.axis(call.integer("axis", 0), data.rank());
        int[] lengths = call.has(1) ? call.input(1).ints() : call.ints("split", (int[]) null);
        if (lengths == null) {
            int pieces = call.integer("num_outputs", call.outputCount());
            lengths = new int[pieces];
            int length = (data.dim(axis) + pieces - 1) / pieces;
            Arrays.fill(lengths, length);
            lengths[pieces - 1] = data.dim(axis) - length * (pieces - 1);
        }
        List<Value> result = new ArrayList<>();
        int start = 0;
        for (int length : lengths) {
            result.add(data.select(axis, IntStream.range(start, start + length).toArray()));
            start += length;
        }
        return result;
    }
}
