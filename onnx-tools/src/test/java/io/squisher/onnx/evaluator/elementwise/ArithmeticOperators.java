package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.OperatorTable;
import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Arithmetic of two tensors, and of any number of them. */
final class ArithmeticOperators {
    private ArithmeticOperators() {}

    static OperatorTable table() {
        return new OperatorTable()
                .one("Add", call -> add(call.input(0), Elementwise.secondOperand(call)))
                .one("Sub", call -> exactOr(call, (a, b) -> a - b, (a, b) -> a - b))
                .one("Mul", call -> exactOr(call, (a, b) -> a * b, (a, b) -> a * b))
                .one("Div", call -> {
                    ElementType type = call.input(0).type();
                    return exactOr(call, (a, b) -> a / b, (a, b) -> Integers.divide(type, a, b));
                })
                .one("Pow", ArithmeticOperators::pow)
                .one("Mod", ArithmeticOperators::mod)
                .one("BitShift", ArithmeticOperators::bitShift)
                .one("BitwiseAnd", call -> exactOr(call, (a, b) -> Double.NaN, (a, b) -> a & b))
                .one("BitwiseOr", call -> exactOr(call, (a, b) -> Double.NaN, (a, b) -> a | b))
                .one("BitwiseXor", call -> exactOr(call, (a, b) -> Double.NaN, (a, b) -> a ^ b))
                .one("BitwiseNot", call -> Elementwise.mapLongs(call.input(0), a -> ~a))
                .one("Min", call -> fold(call, (a, b) -> extreme(a, b, -1)))
                .one("Max", call -> fold(call, (a, b) -> extreme(a, b, 1)))
                .one("Sum", call -> fold(call, ArithmeticOperators::add))
                .one("Mean", call -> {
                    double count = call.inputCount();
                    return Elementwise.map(fold(call, ArithmeticOperators::add), sum -> sum / count);
                });
    }

    private static Value add(Value a, Value b) {
        return a.isFloating() ? Elementwise.zip(a, b, Double::sum) : Elementwise.zipLongs(a, b, a.type(), Long::sum);
    }

    private static Value exactOr(OperatorCall call, DoubleBinaryOperator f, LongBinaryOperator exact) {
        Value a = call.input(0);
        Value b = Elementwise.secondOperand(call);
        return a.isFloating() ? Elementwise.zip(a, b, f) : Elementwise.zipLongs(a, b, a.type(), exact);
    }

    /** The exponent may have another type; the result has that of the base. */
    private static Value pow(OperatorCall call) {
        Value base = call.input(0);
        Value exponent = Elementwise.secondOperand(call);
        return base.isFloating() || exponent.isFloating()
                ? Elementwise.zip(base, exponent, Math::pow)
                : Elementwise.zipLongs(base, exponent, base.type(), Integers::power);
    }

    /** With {@code fmod} the sign of the dividend, otherwise (integers only) that of the divisor. */
    private static Value mod(OperatorCall call) {
        boolean likeC = call.flag("fmod", false);
        ElementType type = call.input(0).type();
        return exactOr(call, (a, b) -> a % b, (a, b) -> {
            if (type == ElementType.U64) {
                return Long.remainderUnsigned(a, b);
            }
            return likeC ? a % b : Math.floorMod(a, b);
        });
    }

    private static Value bitShift(OperatorCall call) {
        boolean left = call.text("direction", "").equals("LEFT");
        return exactOr(call, (a, b) -> Double.NaN, (a, b) -> b > 63 ? 0 : left ? a << b : a >>> b);
    }

    private static Value fold(OperatorCall call, BinaryOperator<Value> f) {
        Value result = call.input(0);
        for (int i = 1; i < call.inputCount(); i++) {
            result = f.apply(result, call.input(i));
        }
        return result;
    }

    private static Value extreme(Value a, Value b, int sign) {
        if (a.isFloating()) {
            return Elementwise.zip(a, b, sign > 0 ? Math::max : Math::min);
        }
        return Elementwise.zipLongs(
                a, b, a.type(), (left, right) -> Integers.compare(a.type(), left, right) * sign > 0 ? left : right);
    }
}
