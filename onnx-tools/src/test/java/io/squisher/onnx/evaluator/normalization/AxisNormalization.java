package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.reduction.Reduce;
import java.util.Arrays;

/** MeanVarianceNormalization and LpNormalization. */
final class AxisNormalization {
    private AxisNormalization() {}

    /** (X - E X) / (√(E X² - (E X)²) + 1e-9): the axes of batch and space by default. */
    static Value meanVariance(OperatorCall call) {
        Value x = call.input(0);
        int[] axes = Arrays.stream(call.ints("axes", 0, 2, 3))
                .map(axis -> Dims.axis(axis, x.rank()))
                .toArray();
        Moments moments = Moments.over(x, axes, 0);
        Value centred = Elementwise.zip(x, moments.mean(), (value, mean) -> value - mean);
        return Elementwise.zip(centred, moments.variance(), (c, variance) -> c / (Math.sqrt(variance) + 1e-9));
    }

    /** X / ‖X‖_p along an axis, p 1 or 2. */
    static Value lp(OperatorCall call) {
        Value x = call.input(0);
        int axis = Dims.axis(call.integer("axis", -1), x.rank());
        boolean absolute = call.integer("p", 2) == 1;
        Value norm = Reduce.over(
                x,
                new int[] {axis},
                row -> absolute ? Arrays.stream(row).map(Math::abs).sum() : Math.sqrt(Reduce.sumOfSquares(row)));
        return Elementwise.zip(x, norm, (value, length) -> length == 0 ? 0 : value / length);
    }
}
