package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.Broadcast;
import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Applies functions of numbers to the elements of values. */
public final class Elementwise {
    private Elementwise() {}

    /** f of each element; the type stays. */
    public static Value map(Value x, DoubleUnaryOperator f) {
        double[] y = Arrays.stream(x.doubles()).map(f).toArray();
        if (x.isFloating()) {
            return Value.of(x.type(), x.dims(), y);
        }
        return Value.of(
                x.type(), x.dims(), Arrays.stream(y).mapToLong(v -> (long) v).toArray());
    }

    /** f of each integer, wrapped to the width of the type. */
    static Value mapLongs(Value x, LongUnaryOperator f) {
        long[] y = Arrays.stream(x.longs())
                .map(v -> Integers.wrap(x.type(), f.applyAsLong(v)))
                .toArray();
        return Value.of(x.type(), x.dims(), y);
    }

    /** f of each pair of elements after broadcasting; the type is that of {@code a}. */
    public static Value zip(Value a, Value b, DoubleBinaryOperator f) {
        int[] dims = Broadcast.dims(a.dims(), b.dims());
        double[] left = a.broadcastTo(dims).doubles();
        double[] right = b.broadcastTo(dims).doubles();
        double[] result = new double[left.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = f.applyAsDouble(left[i], right[i]);
        }
        if (a.isFloating()) {
            return Value.of(a.type(), dims, result);
        }
        return Value.of(
                a.type(), dims, Arrays.stream(result).mapToLong(v -> (long) v).toArray());
    }

    /** f of each pair of integers after broadcasting, wrapped to the width of {@code type}. */
    static Value zipLongs(Value a, Value b, ElementType type, LongBinaryOperator f) {
        int[] dims = Broadcast.dims(a.dims(), b.dims());
        long[] left = a.broadcastTo(dims).longs();
        long[] right = b.broadcastTo(dims).longs();
        long[] result = new long[left.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = Integers.wrap(type, f.applyAsLong(left[i], right[i]));
        }
        return Value.of(type, dims, result);
    }

    /** A truth value for each pair of elements. */
    static Value test(Value a, Value b, DoubleBinaryOperator truth) {
        int[] dims = Broadcast.dims(a.dims(), b.dims());
        double[] left = a.broadcastTo(dims).doubles();
        double[] right = b.broadcastTo(dims).doubles();
        long[] result = new long[left.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (long) truth.applyAsDouble(left[i], right[i]);
        }
        return Value.of(ElementType.BOOL, dims, result);
    }

    /**
     * The second operand. Before opset 7 it was broadcast only on request, aligned at attribute {@code axis} of the first
     * operand instead of at its end.
     */
    static Value secondOperand(OperatorCall call) {
        Value a = call.input(0);
        Value b = call.input(1);
        if (call.opset() >= 7 || !call.flag("broadcast", false) || !call.hasAttribute("axis")) {
            return b;
        }
        int axis = Dims.axis(call.integer("axis", 0), a.rank());
        int[] ones = new int[a.rank() - axis - b.rank()];
        Arrays.fill(ones, 1);
        return b.reshaped(Dims.concat(b.dims(), ones));
    }
}
