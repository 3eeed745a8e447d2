package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.OperatorTable;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Functions of one tensor that attributes shape; the defaults are the standard's float32 numbers. */
final class ActivationOperators {
    private final OperatorTable table = new OperatorTable();

    private ActivationOperators() {}

    static OperatorTable table() {
        ActivationOperators list = new ActivationOperators();
        list.add("Celu", ActivationOperators::celu);
        list.add("Elu", call -> elu(call.real("alpha", 1), 1));
        list.add("Gelu", ActivationOperators::gelu);
        list.add("HardSigmoid", ActivationOperators::hardSigmoid);
        list.add("LeakyRelu", ActivationOperators::leakyRelu);
        list.add("Selu", ActivationOperators::selu);
        list.add("Shrink", ActivationOperators::shrink);
        list.add("Swish", ActivationOperators::swish);
        list.add("ThresholdedRelu", ActivationOperators::thresholdedRelu);
        list.table.one("PRelu", ActivationOperators::pRelu);
        return list.table;
    }

    private void add(String operator, Function<OperatorCall, DoubleUnaryOperator> f) {
        table.one(operator, call -> Elementwise.map(call.input(0), f.apply(call)));
    }

    private static DoubleUnaryOperator celu(OperatorCall call) {
        double alpha = call.real("alpha", 1);
        return x -> Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha));
    }

    private static DoubleUnaryOperator elu(double alpha, double gamma) {
        return x -> gamma * (x >= 0 ? x : alpha * Math.expm1(x));
    }

    private static DoubleUnaryOperator gelu(OperatorCall call) {
        return call.text("approximate", "none").equals("tanh") ? Functions::geluTanh : Functions::gelu;
    }

    private static DoubleUnaryOperator hardSigmoid(OperatorCall call) {
        double alpha = call.real("alpha", 0.2f);
        double beta = call.real("beta", 0.5f);
        return x -> Math.max(0, Math.min(1, alpha * x + beta));
    }

    private static DoubleUnaryOperator leakyRelu(OperatorCall call) {
        double alpha = call.real("alpha", 0.01f);
        return x -> x < 0 ? alpha * x : x;
    }

    /** The defaults got more digits in opset 6. */
    private static DoubleUnaryOperator selu(OperatorCall call) {
        boolean rounded = call.opset() < 6;
        double alpha = call.real("alpha", rounded ? 1.6732f : 1.67326319217681884765625f);
        double gamma = call.real("gamma", rounded ? 1.0507f : 1.05070102214813232421875f);
        return elu(alpha, gamma);
    }

    private static DoubleUnaryOperator shrink(OperatorCall call) {
        double bias = call.real("bias", 0);
        double lambda = call.real("lambd", 0.5f);
        return x -> x < -lambda ? x + bias : x > lambda ? x - bias : 0;
    }

    private static DoubleUnaryOperator swish(OperatorCall call) {
        double alpha = call.real("alpha", 1);
        return x -> x * Functions.sigmoid(alpha * x);
    }

    private static DoubleUnaryOperator thresholdedRelu(OperatorCall call) {
        double alpha = call.real("alpha", 1);
        return x -> x > alpha ? x : 0;
    }

    /** The slope broadcasts to X; before opset 7 a vector of slopes belonged to axis 1. */
    private static Value pRelu(OperatorCall call) {
        Value x = call.input(0);
        Value slope = call.input(1);
        if (call.opset() < 7 && slope.rank() == 1 && x.rank() > 2) {
            int[] dims = new int[x.rank() - 1];
            Arrays.fill(dims, 1);
            dims[0] = slope.size();
            slope = slope.reshaped(dims);
        }
        return Elementwise.zip(x, slope, (value, factor) -> value < 0 ? factor * value : value);
    }
}
