package io.squisher.onnx.evaluator.reduction;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;
import java.util.Arrays;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Every Reduce operator: a function of the elements along the axes; all axes where none are given. */
public final class Reduce {
    private Reduce() {}

    static Value evaluate(OperatorCall call, ToDoubleFunction<double[]> f) {
        Value data = call.input(0);
        int[] axes = call.axes(1, data.rank()).orElse(new int[0]);
        if (axes.length == 0 && call.flag("noop_with_empty_axes", false)) {
            // Nothing is summed; the functions before and after the sum are applied all the same.
            return over(data, axes, f);
        }
        int[] reduced = axes.length == 0 ? Dims.range(data.rank()) : axes;
        Value result = over(data, reduced, f);
        return call.flag("keepdims", true) ? result : dropped(result, reduced);
    }

    /** f of the elements along the axes, which stay with dimension 1. */
    public static Value over(Value data, int[] axes, ToDoubleFunction<double[]> f) {
        Set<Integer> reduced = Arrays.stream(axes).boxed().collect(Collectors.toSet());
        int[] kept = IntStream.range(0, data.rank())
                .filter(axis -> !reduced.contains(axis))
                .toArray();
        Value rows = data.transposed(Dims.concat(kept, axes));
        int[] dims = data.dims();
        Arrays.stream(axes).forEach(axis -> dims[axis] = 1);
        double[] result = new double[Dims.size(dims)];
        int length = Dims.size(Arrays.stream(axes).map(data::dim).toArray());
        for (int row = 0; row < result.length; row++) {
            result[row] = f.applyAsDouble(Arrays.copyOfRange(rows.doubles(), row * length, (row + 1) * length));
        }
        return Cast.to(Value.floats(dims, result), data.type());
    }

    /** Without the axes, which have dimension 1. */
    static Value dropped(Value value, int... axes) {
        Set<Integer> gone = Arrays.stream(axes).boxed().collect(Collectors.toSet());
        return value.reshaped(IntStream.range(0, value.rank())
                .filter(axis -> !gone.contains(axis))
                .map(value::dim)
                .toArray());
    }

    /** The sum of squared elements. */
    public static double sumOfSquares(double... values) {
        return Arrays.stream(values).map(value -> value * value).sum();
    }

    /** The mean of the elements. */
    public static double mean(double... values) {
        return Arrays.stream(values).sum() / values.length;
    }

    static double logSumExp(double... values) {
        double max = Arrays.stream(values).max().orElse(Double.NEGATIVE_INFINITY);
        if (Double.isInfinite(max)) {
            return max;
        }
        return max
                + Math.log(Arrays.stream(values)
                        .map(value -> Math.exp(value - max))
                        .sum());
    }
}
