package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Squeeze and Unsqueeze; axes as attribute, from opset 13 on as input. */
final class Squeeze {
    private Squeeze() {}

    /** Drops the axes given, or every axis of dimension 1. */
    static Value evaluate(OperatorCall call) {
        Value data = call.input(0);
        int[] dims = data.dims();
        int[] axes = call.axes(1, dims.length).orElseGet(() -> IntStream.range(0, dims.length)
                .filter(axis -> dims[axis] == 1)
                .toArray());
        Set<Integer> dropped = Arrays.stream(axes).boxed().collect(Collectors.toSet());
        return data.reshaped(IntStream.range(0, dims.length)
                .filter(axis -> !dropped.contains(axis))
                .map(axis -> dims[axis])
                .toArray());
    }

    /** Inserts axes of dimension 1; the axes are those of the result. */
    static Value unsqueeze(OperatorCall call) {
        Value data = call.input(0);
        int count = call.has(1) ? call.input(1).size() : call.ints("axes").length;
        int[] dims = new int[data.rank() + count];
        for (int axis : call.axes(1, dims.length).orElseThrow()) {
            dims[axis] = 1;
        }
        int next = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = dims[axis] == 1 ? 1 : data.dim(next++);
        }
        return data.reshaped(dims);
    }
}
