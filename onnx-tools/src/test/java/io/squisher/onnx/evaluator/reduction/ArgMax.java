package io.squisher.onnx.evaluator.reduction;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;
import io.squisher.tensor.ElementType;

/** ArgMax and ArgMin: the position of the extreme element along an axis, the first one or the last. */
final class ArgMax {
    private ArgMax() {}

    static Value evaluate(OperatorCall call, int sign) {
        Value data = call.input(0);
        int axis = Dims.axis(call.integer("axis", 0), data.rank());
        boolean last = call.flag("select_last_index", false);
        Value positions = Reduce.over(data, new int[] {axis}, values -> {
            int best = 0;
            for (int i = 1; i < values.length; i++) {
                double gain = sign * (values[i] - values[best]);
                best = gain > 0 || gain == 0 && last ? i : best;
            }
            return best;
        });
        Value result = Cast.to(positions, ElementType.I64);
        return call.flag("keepdims", true) ? result : Reduce.dropped(result, axis);
    }
}
