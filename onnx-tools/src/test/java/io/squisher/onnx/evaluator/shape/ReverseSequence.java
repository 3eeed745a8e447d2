package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** For each batch entry the first {@code sequence_lens} steps backwards, the others as they are. */
final class ReverseSequence {
    private ReverseSequence() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int[] lengths = call.input(1).ints();
        int batchAxis = call.integer("batch_axis", 1);
        int timeAxis = call.integer("time_axis", 0);
        int[] strides = Dims.strides(x.dims());
        int[] sources = new int[x.size()];
        for (int i = 0; i < sources.length; i++) {
            int[] index = Dims.unravel(i, x.dims());
            int length = lengths[index[batchAxis]];
            if (index[timeAxis] < length) {
                index[timeAxis] = length - 1 - index[timeAxis];
            }
            sources[i] = Dims.ravel(index, strides);
        }
        return x.gathered(x.dims(), sources);
    }
}
