package io.squisher.onnx.evaluator.indexing;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The k largest (or smallest) elements along an axis in order, and their indices; of equal ones the first. */
final class TopK {
    private TopK() {}

    static List<Value> evaluate(OperatorCall call) {
        Value x = call.input(0);
        int k = call.opset() < 10 ? call.integer("k", 1) : (int) call.input(1).longAt(0);
        int axis = Dims.axis(call.integer("axis", -1), x.rank());
        int sign = call.flag("largest", true) ? -1 : 1;
        int length = x.dim(axis);
        int[] dims = Dims.with(x.dims(), axis, k);
        int stride = Dims.strides(dims)[axis];
        int[] sources = new int[Dims.size(dims)];
        long[] indices = new long[sources.length];
        for (int start = 0; start < sources.length; start++) {
            if (start / stride % k != 0) {
                continue;
            }
            int from = start / stride / k * stride * length + start % stride;
            Comparator<Integer> order = Comparator.comparingDouble(i -> sign * x.doubleAt(from + i * stride));
            List<Integer> sorted =
                    IntStream.range(0, length).boxed().sorted(order).limit(k).toList();
            for (int rank = 0; rank < k; rank++) {
                sources[start + rank * stride] = from + sorted.get(rank) * stride;
                indices[start + rank * stride] = sorted.get(rank);
            }
        }
        return List.of(x.gathered(dims, sources), Value.of(ElementType.I64, dims, indices));
    }
}
