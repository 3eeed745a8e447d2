package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.stream.IntStream;

/** NumPy's start:end:step on some axes; attributes before opset 10, inputs since. */
final class Slice {
    private Slice() {}

    static Value evaluate(OperatorCall call) {
        Value data = call.input(0);
        boolean attributes = call.opset() < 10;
        int[] starts = attributes ? call.ints("starts") : call.input(1).ints();
        int[] ends = attributes ? call.ints("ends") : call.input(2).ints();
        int[] axes = attributes
                ? call.ints("axes", Dims.range(starts.length))
                : call.optional(3).map(Value::ints).orElse(Dims.range(starts.length));
        Value result = data;
        for (int i = 0; i < starts.length; i++) {
            int step = call.has(4) ? call.input(4).ints()[i] : 1;
            int axis = Dims.axis(axes[i], data.rank());
            result = result.select(axis, positions(starts[i], ends[i], step, data.dim(axis)));
        }
        return result;
    }

    /** A start or end that is negative counts from the end; then both are clamped to what the step can reach. */
    private static int[] positions(int start, int end, int step, int dim) {
        int low = step > 0 ? 0 : -1;
        int high = step > 0 ? dim : dim - 1;
        long from = clamp(start < 0 ? (long) start + dim : start, step > 0 ? low : 0, high);
        long to = clamp(end < 0 ? (long) end + dim : end, low, step > 0 ? high : dim);
        long count = Math.max(0, (long) Math.ceil((to - from) / (double) step));
        return IntStream.range(0, (int) count).map(i -> (int) from + i * step).toArray();
    }

    private static long clamp(long value, long low, long high) {
        return Math.max(low, Math.min(high, value));
    }
}
