package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.List;
import java.util.stream.IntStream;

/** Tensors one after the other along an axis. */
public final class Concat {
    private Concat() {}

    static Value evaluate(OperatorCall call) {
        List<Value> parts =
                IntStream.range(0, call.inputCount()).mapToObj(call::input).toList();
        int axis = call.integer("axis", 1);
        return of(Dims.axis(axis, parts.get(0).rank()), parts);
    }

    /** The parts, which agree in all axes but {@code axis}, joined along it. */
    public static Value of(int axis, List<Value> parts) {
        Value first = parts.get(0);
        int total = parts.stream().mapToInt(part -> part.dim(axis)).sum();
        int[] dims = Dims.with(first.dims(), axis, total);
        int outer = Dims.size(dims, 0, axis);
        int inner = Dims.size(dims, axis, dims.length);
        double[] doubles = first.isFloating() ? new double[outer * inner] : null;
        long[] longs = first.isFloating() ? null : new long[outer * inner];
        int start = 0;
        for (Value part : parts) {
            int length = Dims.size(part.dims(), axis, dims.length);
            for (int row = 0; row < outer; row++) {
                Object from = doubles != null ? part.doubles() : part.longs();
                System.arraycopy(from, row * length, doubles != null ? doubles : longs, row * inner + start, length);
            }
            start += length;
        }
        return doubles != null ? Value.of(first.type(), dims, doubles) : Value.of(first.type(), dims, longs);
    }
}
