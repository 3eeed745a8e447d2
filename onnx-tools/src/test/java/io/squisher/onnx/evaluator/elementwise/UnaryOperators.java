package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.OperatorTable;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** Functions of one tensor without attributes: a line each. */
final class UnaryOperators {
    private final OperatorTable table = new OperatorTable();

    private UnaryOperators() {}

    static OperatorTable table() {
        UnaryOperators list = new UnaryOperators();
        list.integersToo("Abs", Math::abs, Math::abs);
        list.add("Acos", Math::acos);
        list.add("Acosh", Functions::acosh);
        list.add("Asin", Math::asin);
        list.add("Asinh", Functions::asinh);
        list.add("Atan", Math::atan);
        list.add("Atanh", Functions::atanh);
        list.add("Ceil", Math::ceil);
        list.add("Cos", Math::cos);
        list.add("Cosh", Math::cosh);
        list.add("Erf", Functions::erf);
        list.add("Exp", Math::exp);
        list.add("Floor", Math::floor);
        list.add("HardSwish", x -> x * Math.max(0, Math.min(1, x / 6 + 0.5)));
        list.add("Log", Math::log);
        list.add("Mish", x -> x * Math.tanh(Functions.softplus(x)));
        list.integersToo("Neg", x -> -x, x -> -x);
        list.add("Reciprocal", x -> 1 / x);
        list.integersToo("Relu", x -> Math.max(x, 0), x -> Math.max(x, 0));
        list.add("Round", Math::rint);
        list.add("Sigmoid", Functions::sigmoid);
        list.integersToo("Sign", Math::signum, Long::signum);
        list.add("Sin", Math::sin);
        list.add("Sinh", Math::sinh);
        list.add("Softplus", Functions::softplus);
        list.add("Softsign", x -> x / (1 + Math.abs(x)));
        list.add("Sqrt", Math::sqrt);
        list.add("Tan", Math::tan);
        list.add("Tanh", Math::tanh);
        return list.table;
    }

    private void add(String operator, DoubleUnaryOperator f) {
        table.one(operator, call -> Elementwise.map(call.input(0), f));
    }

    private void integersToo(String operator, DoubleUnaryOperator f, LongUnaryOperator exact) {
        table.one(
                operator,
                call -> call.input(0).isFloating()
                        ? Elementwise.map(call.input(0), f)
                        : Elementwise.mapLongs(call.input(0), exact));
    }
}
