package io.squisher.onnx.evaluator.reduction;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;

/** Running sums along an axis, from the end with {@code reverse}, without the element itself with {@code exclusive}. */
final class CumSum {
    private CumSum() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int axis = Dims.axis(call.input(1).longAt(0), x.rank());
        boolean exclusive = call.flag("exclusive", false);
        boolean reverse = call.flag("reverse", false);
        int length = x.dim(axis);
        int stride = Dims.strides(x.dims())[axis];
        double[] sums = new double[x.size()];
        for (int start = 0; start < sums.length; start++) {
            if (start / stride % length != 0) {
                continue;
            }
            double sum = 0;
            for (int step = 0; step < length; step++) {
                int at = start + (reverse ? length - 1 - step : step) * stride;
                sums[at] = exclusive ? sum : sum + x.doubleAt(at);
                sum += x.doubleAt(at);
            }
        }
        return Cast.to(Value.floats(x.dims(), sums), x.type());
    }
}
