package io.squisher.onnx.evaluator.elementwise;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.OperatorTable;
import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.IntPredicate;
import java.util.function.LongBinaryOperator;

/** Comparisons, predicates and operators of truth values. */
final class LogicOperators {
    private LogicOperators() {}

    static OperatorTable table() {
        return new OperatorTable()
                .one("Equal", call -> compare(call, order -> order == 0))
                .one("Greater", call -> compare(call, order -> order > 0))
                .one("GreaterOrEqual", call -> compare(call, order -> order >= 0))
                .one("Less", call -> compare(call, order -> order < 0))
                .one("LessOrEqual", call -> compare(call, order -> order <= 0))
                .one("And", call -> truth(call, (a, b) -> a & b))
                .one("Or", call -> truth(call, (a, b) -> a | b))
                .one("Xor", call -> truth(call, (a, b) -> a ^ b))
                .one("Not", call -> Elementwise.mapLongs(call.input(0), a -> 1 - a))
                .one("IsNaN", call -> predicate(call, Double::isNaN))
                .one("IsInf", LogicOperators::isInf);
    }

    private static Value compare(OperatorCall call, IntPredicate accepts) {
        Value a = call.input(0);
        Value b = Elementwise.secondOperand(call);
        if (a.isFloating()) {
            return Elementwise.test(a, b, (x, y) -> {
                boolean ordered = !Double.isNaN(x) && !Double.isNaN(y);
                return ordered && accepts.test(x < y ? -1 : x > y ? 1 : 0) ? 1 : 0;
            });
        }
        return Elementwise.zipLongs(
                a, b, ElementType.BOOL, (x, y) -> accepts.test(Integers.compare(a.type(), x, y)) ? 1 : 0);
    }

    private static Value truth(OperatorCall call, LongBinaryOperator f) {
        return Elementwise.zipLongs(call.input(0), Elementwise.secondOperand(call), ElementType.BOOL, f);
    }

    private static Value predicate(OperatorCall call, DoublePredicate accepts) {
        Value x = call.input(0);
        long[] truths = Arrays.stream(x.doubles())
                .mapToLong(value -> accepts.test(value) ? 1 : 0)
                .toArray();
        return Value.of(ElementType.BOOL, x.dims(), truths);
    }

    private static Value isInf(OperatorCall call) {
        boolean positive = call.flag("detect_positive", true);
        boolean negative = call.flag("detect_negative", true);
        return predicate(call, x -> Double.isInfinite(x) && (x > 0 ? positive : negative));
    }
}
