package io.squisher.onnx.evaluator.indexing;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/** Scatter, ScatterElements and ScatterND: a copy of the data with updates put in, or combined by {@code reduction}. */
final class Scatter {
    private Scatter() {}

    static Value elements(OperatorCall call) {
        Value data = call.input(0);
        int axis = Dims.axis(call.integer("axis", 0), data.rank());
        return updated(call, data, Gather.elementTargets(data, call.input(1), axis));
    }

    static Value nd(OperatorCall call) {
        Value data = call.input(0);
        Value indices = call.input(1);
        int length = Dims.size(Arrays.copyOfRange(data.dims(), indices.dim(-1), data.rank()));
        int[] starts = Gather.sliceStarts(data, indices, 0);
        int[] targets = new int[starts.length * length];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = starts[i / length] + i % length;
        }
        return updated(call, data, targets);
    }

    private static Value updated(OperatorCall call, Value data, int[] targets) {
        Value updates = call.input(2);
        DoubleBinaryOperator combine = combination(call.text("reduction", "none"));
        double[] result = data.doubles().clone();
        for (int i = 0; i < targets.length; i++) {
            result[targets[i]] = combine.applyAsDouble(result[targets[i]], updates.doubleAt(i));
        }
        return Cast.to(Value.floats(data.dims(), result), data.type());
    }

    private static DoubleBinaryOperator combination(String reduction) {
        return switch (reduction) {
            case "none" -> (old, update) -> update;
            case "add" -> Double::sum;
            case "mul" -> (old, update) -> old * update;
            case "max" -> Math::max;
            case "min" -> Math::min;
            default -> throw new IllegalArgumentException("reduction " + reduction);
        };
    }
}
