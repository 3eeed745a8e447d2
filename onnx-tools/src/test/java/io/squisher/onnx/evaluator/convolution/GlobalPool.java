package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.reduction.Reduce;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Pooling with one window, the whole plane. */
final class GlobalPool {
    private GlobalPool() {}

    static Value average(OperatorCall call) {
        return pooled(call, Reduce::mean);
    }

    static Value max(OperatorCall call) {
        return pooled(call, plane -> Arrays.stream(plane).max().orElse(Double.NEGATIVE_INFINITY));
    }

    static Value lp(OperatorCall call) {
        double p = call.opset() < 2 ? call.real("p", 2) : call.integer("p", 2);
        return pooled(
                call,
                plane -> Math.pow(
                        Arrays.stream(plane).map(x -> Math.pow(Math.abs(x), p)).sum(), 1 / p));
    }

    private static Value pooled(OperatorCall call, ToDoubleFunction<double[]> f) {
        Value x = call.input(0);
        return Reduce.over(x, IntStream.range(2, x.rank()).toArray(), f);
    }
}
