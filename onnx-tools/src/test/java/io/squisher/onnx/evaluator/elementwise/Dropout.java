package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.List;

/** Inference: the data as they are and a mask of ones. Training at a ratio above 0 is random, hence unsupported. */
final class Dropout {
    private Dropout() {}

    static List<Value> evaluate(OperatorCall call) {
        Value data = call.input(0);
        boolean training = call.opset() >= 12
                ? call.optional(2).map(flag -> flag.longAt(0) != 0).orElse(false)
                : call.opset() < 7 && !call.flag("is_test", false);
        double ratio = call.opset() >= 12
                ? call.optional(1).map(value -> value.doubleAt(0)).orElse(0.5)
                : call.real("ratio", 0.5);
        if (training && ratio > 0) {
            throw call.unsupported("training mode is random");
        }
        long[] kept = new long[data.size()];
        Arrays.fill(kept, 1);
        Value mask = Value.of(ElementType.BOOL, data.dims(), kept);
        return List.of(data, call.opset() >= 10 ? mask : Cast.to(mask, data.type()));
    }
}
