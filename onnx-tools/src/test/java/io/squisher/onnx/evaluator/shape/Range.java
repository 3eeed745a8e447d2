package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** start, start + delta, …: ⌈(limit - start) / delta⌉ numbers. */
final class Range {
    private Range() {}

    static Value evaluate(OperatorCall call) {
        Value start = call.input(0);
        double span = call.input(1).doubleAt(0) - start.doubleAt(0);
        int count = (int) Math.max(0, Math.ceil(span / call.input(2).doubleAt(0)));
        if (start.isFloating()) {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = start.doubleAt(0) + i * call.input(2).doubleAt(0);
            }
            return Value.of(start.type(), new int[] {count}, values);
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = start.longAt(0) + i * call.input(2).longAt(0);
        }
        return Value.of(start.type(), new int[] {count}, values);
    }
}
