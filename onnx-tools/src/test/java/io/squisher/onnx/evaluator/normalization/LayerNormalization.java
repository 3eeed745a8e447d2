package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.reduction.Reduce;
import java.util.List;
import java.util.stream.IntStream;

/** LayerNormalization and RMSNormalization over the axes from {@code axis} on. */
public final class LayerNormalization {
    private LayerNormalization() {}

    /** Outputs: the result, the mean, 1 / the standard deviation. */
    public static List<Value> evaluate(OperatorCall call) {
        Value x = call.input(0);
        Moments moments = Moments.over(x, axes(call, x), call.real("epsilon", 1e-5f));
        Value scaled = Elementwise.zip(moments.normalized(), call.input(1), (value, scale) -> value * scale);
        Value y = call.optional(2)
                .map(bias -> Elementwise.zip(scaled, bias, Double::sum))
                .orElse(scaled);
        return List.of(y, moments.mean(), moments.inverseDeviation());
    }

    /** X / √(mean(X²) + epsilon) · scale. */
    static Value rms(OperatorCall call) {
        Value x = call.input(0);
        Value inverse = inverseRms(x, axes(call, x), call.real("epsilon", 1e-5f));
        Value normalized = Elementwise.zip(x, inverse, (value, r) -> value * r);
        return Elementwise.zip(normalized, call.input(1), (value, scale) -> value * scale);
    }

    /** 1 / √(mean(X²) + epsilon) over the axes. */
    public static Value inverseRms(Value x, int[] axes, double epsilon) {
        return Reduce.over(x, axes, row -> 1 / Math.sqrt(Reduce.sumOfSquares(row) / row.length + epsilon));
    }

    private static int[] axes(OperatorCall call, Value x) {
        return IntStream.range(Dims.axis(call.integer("axis", -1), x.rank()), x.rank())
                .toArray();
    }
}
