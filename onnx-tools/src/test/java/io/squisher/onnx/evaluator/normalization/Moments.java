package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.reduction.Reduce;
import java.util.Arrays;

/**
 * Mean and variance (divided by the count) over some axes, which stay with dimension 1, and the data in these units.
 *
 * @param inverseDeviation 1 / √(variance + epsilon)
 */
record Moments(Value mean, Value variance, Value inverseDeviation, Value normalized) {
    static Moments over(Value x, int[] axes, double epsilon) {
        Value mean = Reduce.over(x, axes, Reduce::mean);
        Value centred = Elementwise.zip(x, mean, (value, m) -> value - m);
        Value variance = Reduce.over(centred, axes, values -> Reduce.sumOfSquares(values) / values.length);
        Value inverse = Elementwise.map(variance, v -> 1 / Math.sqrt(v + epsilon));
        return new Moments(mean, variance, inverse, Elementwise.zip(centred, inverse, (c, r) -> c * r));
    }

    /** scale · x + bias, both broadcast. */
    static Value affine(Value x, Value scale, Value bias) {
        return Elementwise.zip(Elementwise.zip(x, scale, (a, b) -> a * b), bias, Double::sum);
    }

    /** A vector of one number a channel, shaped to broadcast along axis 1 of a tensor of rank {@code rank}. */
    static Value perChannel(Value vector, int rank) {
        int[] dims = new int[Math.max(1, rank - 1)];
        Arrays.fill(dims, 1);
        dims[0] = vector.size();
        return vector.reshaped(dims);
    }
}
