package io.squisher.onnx.evaluator.indexing;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/** A new axis of dimension depth: the on value at the index, the off value elsewhere and for indices out of range. */
final class OneHot {
    private OneHot() {}

    static Value evaluate(OperatorCall call) {
        Value indices = call.input(0);
        int depth = (int) call.input(1).longAt(0);
        int axis = Dims.axis(call.integer("axis", -1), indices.rank() + 1);
        int[] before = Arrays.copyOf(indices.dims(), axis);
        int[] after = Arrays.copyOfRange(indices.dims(), axis, indices.rank());
        int[] dims = Dims.concat(Dims.concat(before, depth), after);
        int inner = Dims.size(after);
        int[] sources = new int[Dims.size(dims)];
        for (int i = 0; i < sources.length; i++) {
            long index = indices.longAt(i / inner / depth * inner + i % inner);
            long wrapped = index < 0 ? index + depth : index;
            sources[i] = wrapped == i / inner % depth ? 1 : 0;
        }
        return call.input(2).gathered(dims, sources);
    }
}
