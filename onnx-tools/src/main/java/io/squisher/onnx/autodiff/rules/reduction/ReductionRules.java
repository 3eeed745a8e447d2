package io.squisher.onnx.autodiff.rules.reduction;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.util.Map;

/** Derivatives of the Reduce operators, sorted; {@code y} and {@code dy} have size 1 at the reduced axes. */
public final class ReductionRules {
    public static final Map<String, GradientRule> ALL = Map.of(
            "ReduceL1", over((o, r) -> o.mul(r.dy, o.unary("Sign", r.x))),
            "ReduceL2", over(ReductionRules::norm),
            "ReduceLogSum", over((o, r) -> o.expandLike(o.div(r.dy, o.unary("Exp", r.y)), r.x)),
            "ReduceLogSumExp", over((o, r) -> o.mul(r.dy, o.unary("Exp", o.sub(r.x, r.y)))),
            "ReduceMax", over(ReductionRules::extremum),
            "ReduceMean", new ReduceMeanRule(),
            "ReduceMin", over(ReductionRules::extremum),
            "ReduceProd", over(ReductionRules::product),
            "ReduceSum", new ReduceSumRule(),
            "ReduceSumSquare", over((o, r) -> o.mul(r.dy, o.scale(r.x, 2))));

    private ReductionRules() {}

    /** A reduction as its derivative sees it. */
    private record Reduction(Value x, Value y, Value dy, int[] axes) {}

    @FunctionalInterface
    private interface Derivative {
        Value of(Ops ops, Reduction reduction);
    }

    private static GradientRule over(Derivative derivative) {
        return c -> {
            ReductionAxes axes = new ReductionAxes(c);
            return Gradients.of(derivative.of(
                    c.ops(), new Reduction(c.x(0), axes.restored(c.y(0)), axes.restored(c.dy()), axes.axes())));
        };
    }

    /** dy · x / y, and 0 at the origin. */
    private static Value norm(Ops ops, Reduction r) {
        Value safe = ops.where(ops.equal(r.y, ops.scalar(0)), ops.scalar(1), r.y);
        return ops.mul(ops.div(r.dy, safe), r.x);
    }

    /** The gradient goes to the elements that equal the output, in equal parts. */
    private static Value extremum(Ops ops, Reduction r) {
        Value chosen = ops.cast(ops.equal(r.x, r.y), DataType.FLOAT_VALUE);
        return ops.mul(ops.div(r.dy, ops.reduceSum(chosen, true, r.axes)), chosen);
    }

    /** dy times the product of the other elements: of all over this one, unless there are zeros. */
    private static Value product(Ops ops, Reduction r) {
        Value isZero = ops.equal(r.x, ops.scalar(0));
        Value zeros = ops.reduceSum(ops.cast(isZero, DataType.FLOAT_VALUE), true, r.axes);
        Value nonZero = ops.where(isZero, ops.scalar(1), r.x);
        Value product = ops.reduce("ReduceProd", nonZero, true, r.axes);
        Value others = ops.where(
                isZero,
                ops.where(ops.equal(zeros, ops.scalar(1)), product, ops.scalar(0)),
                ops.where(ops.equal(zeros, ops.scalar(0)), ops.div(product, nonZero), ops.scalar(0)));
        return ops.mul(r.dy, others);
    }
}
