package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** Limits each element to [min, max]: attributes before opset 11, optional inputs since; max wins where min > max. */
final class Clip {
    private Clip() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        if (call.opset() < 11) {
            double min = call.real("min", Double.NEGATIVE_INFINITY);
            double max = call.real("max", Double.POSITIVE_INFINITY);
            return Elementwise.map(x, value -> Math.min(max, Math.max(min, value)));
        }
        if (!x.isFloating()) {
            long min = call.optional(1).map(bound -> bound.longAt(0)).orElse(Long.MIN_VALUE);
            long max = call.optional(2).map(bound -> bound.longAt(0)).orElse(Long.MAX_VALUE);
            return Elementwise.mapLongs(x, value -> Math.min(max, Math.max(min, value)));
        }
        double min = call.optional(1).map(bound -> bound.doubleAt(0)).orElse(Double.NEGATIVE_INFINITY);
        double max = call.optional(2).map(bound -> bound.doubleAt(0)).orElse(Double.POSITIVE_INFINITY);
        return Elementwise.map(x, value -> Math.min(max, Math.max(min, value)));
    }
}
