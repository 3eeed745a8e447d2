package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.Broadcast;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** X where the condition holds, else Y; all three broadcast. */
final class Where {
    private Where() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(1);
        Value y = call.input(2);
        int[] dims = Broadcast.dims(call.input(0).dims(), Broadcast.dims(x.dims(), y.dims()));
        long[] condition = call.input(0).broadcastTo(dims).longs();
        if (x.isFloating()) {
            double[] result = y.broadcastTo(dims).doubles().clone();
            double[] chosen = x.broadcastTo(dims).doubles();
            for (int i = 0; i < result.length; i++) {
                result[i] = condition[i] != 0 ? chosen[i] : result[i];
            }
            return Value.of(x.type(), dims, result);
        }
        long[] result = y.broadcastTo(dims).longs().clone();
        long[] chosen = x.broadcastTo(dims).longs();
        for (int i = 0; i < result.length; i++) {
            result[i] = condition[i] != 0 ? chosen[i] : result[i];
        }
        return Value.of(x.type(), dims, result);
    }
}
