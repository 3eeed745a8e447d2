package io.squisher.onnx.autodiff.rules.elementwise;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * Derivatives that fit in a line, sorted by operator. At a kink the subgradient is that of PyTorch: 0 for Relu and Abs
 * at 0.
 */
public final class ElementwiseRules {
    /** A derivative of one input, from the input x and the output y. */
    @FunctionalInterface
    private interface Derivative {
        Value at(Ops ops, Value x, Value y);
    }

    public static final Map<String, GradientRule> ALL = Map.ofEntries(
            Map.entry("Abs", unary((o, x, y) -> o.unary("Sign", x))),
            Map.entry("Acos", unary((o, x, y) -> o.unary("Neg", reciprocalRoot(o, o.sub(o.scalar(1), o.square(x)))))),
            Map.entry("Acosh", unary((o, x, y) -> reciprocalRoot(o, o.sub(o.square(x), o.scalar(1))))),
            Map.entry("Add", c -> Gradients.of(c.dy(), c.dy())),
            Map.entry("Asin", unary((o, x, y) -> reciprocalRoot(o, o.sub(o.scalar(1), o.square(x))))),
            Map.entry("Asinh", unary((o, x, y) -> reciprocalRoot(o, o.add(o.square(x), o.scalar(1))))),
            Map.entry("Atan", unary((o, x, y) -> o.unary("Reciprocal", o.add(o.square(x), o.scalar(1))))),
            Map.entry("Atanh", unary((o, x, y) -> o.unary("Reciprocal", o.sub(o.scalar(1), o.square(x))))),
            Map.entry("Cast", ElementwiseRules::cast),
            Map.entry("CastLike", ElementwiseRules::cast),
            Map.entry("Cos", unary((o, x, y) -> o.unary("Neg", o.unary("Sin", x)))),
            Map.entry("Cosh", unary((o, x, y) -> o.unary("Sinh", x))),
            Map.entry("Div", ElementwiseRules::div),
            Map.entry(
                    "Erf",
                    unary((o, x, y) -> o.scale(o.unary("Exp", o.unary("Neg", o.square(x))), 2 / Math.sqrt(Math.PI)))),
            Map.entry("Exp", unary((o, x, y) -> y)),
            Map.entry("Identity", c -> Gradients.of(c.dy())),
            Map.entry("Log", c -> Gradients.of(c.ops().div(c.dy(), c.x(0)))),
            Map.entry("Mod", ElementwiseRules::mod),
            Map.entry(
                    "Mul",
                    c -> Gradients.of(
                            c.wants(0) ? c.ops().mul(c.dy(), c.x(1)) : null,
                            c.wants(1) ? c.ops().mul(c.dy(), c.x(0)) : null)),
            Map.entry("Neg", c -> Gradients.of(c.ops().unary("Neg", c.dy()))),
            Map.entry("Pow", ElementwiseRules::pow),
            Map.entry("Reciprocal", unary((o, x, y) -> o.unary("Neg", o.square(y)))),
            Map.entry("Relu", ElementwiseRules::relu),
            Map.entry("Sigmoid", unary((o, x, y) -> o.mul(y, o.sub(o.scalar(1), y)))),
            Map.entry("Sin", unary((o, x, y) -> o.unary("Cos", x))),
            Map.entry("Sinh", unary((o, x, y) -> o.unary("Cosh", x))),
            Map.entry("Softplus", unary((o, x, y) -> o.unary("Sigmoid", x))),
            Map.entry(
                    "Softsign",
                    unary((o, x, y) -> o.unary("Reciprocal", o.square(o.add(o.scalar(1), o.unary("Abs", x)))))),
            Map.entry("Sqrt", c -> Gradients.of(c.ops().div(c.ops().scale(c.dy(), 0.5), c.y(0)))),
            Map.entry("Sub", c -> Gradients.of(c.dy(), c.wants(1) ? c.ops().unary("Neg", c.dy()) : null)),
            Map.entry("Tan", unary((o, x, y) -> o.add(o.scalar(1), o.square(y)))),
            Map.entry("Tanh", unary((o, x, y) -> o.sub(o.scalar(1), o.square(y)))),
            Map.entry("Where", ElementwiseRules::where));

    private ElementwiseRules() {}

    private static GradientRule unary(Derivative derivative) {
        return c -> Gradients.of(c.ops().mul(c.dy(), derivative.at(c.ops(), c.x(0), c.y(0))));
    }

    /** x^-½. */
    private static Value reciprocalRoot(Ops ops, Value x) {
        return ops.unary("Reciprocal", ops.unary("Sqrt", x));
    }

    /** Of y = a − k b with k the whole quotient: da = dy, db = −k dy. */
    private static Gradients mod(RuleContext c) {
        Ops ops = c.ops();
        Value db = null;
        if (c.wants(1)) {
            db = ops.mul(c.dy(), ops.unary("Round", ops.div(ops.sub(c.y(0), c.x(0)), c.x(1))));
        }
        return Gradients.of(c.dy(), db);
    }

    /**
     * dx = dy where y &gt; 0. The mask is a HardSigmoid, {@code max(0, min(1, α y))}, so steep that every normal number comes
     * out as 0 or 1: ONNX Runtime computes it several times as fast as Sign or Where.
     */
    private static Gradients relu(RuleContext c) {
        Attributes steep = Attributes.NONE.with("alpha", Float.MAX_VALUE).with("beta", 0f);
        Value mask = c.ops().emitter().node("HardSigmoid", c.y(0).shape(), steep, c.y(0));
        return Gradients.of(c.ops().mul(c.dy(), mask));
    }

    /** da = dy / b, db = -dy · y / b. */
    private static Gradients div(RuleContext c) {
        Ops ops = c.ops();
        Value da = ops.div(c.dy(), c.x(1));
        return Gradients.of(da, c.wants(1) ? ops.unary("Neg", ops.mul(da, c.y(0))) : null);
    }

    /** da = dy · b · a^(b−1), 0 where b is 0; db = dy · y · log a, 0 where a is 0. */
    private static Gradients pow(RuleContext c) {
        Ops ops = c.ops();
        Value a = c.x(0);
        Value b = c.values().isFloating(c.node().input(1)) ? c.x(1) : ops.cast(c.x(1), DataType.FLOAT_VALUE);
        Value da = c.wants(0) ? ops.mul(c.dy(), power(c, a, b)) : null;
        Value db = null;
        if (c.wants(1)) {
            Value zero = ops.equal(a, ops.scalar(0));
            Value logarithm = ops.unary("Log", ops.where(zero, ops.scalar(1), a));
            db = ops.mul(c.dy(), ops.mul(c.y(0), logarithm));
        }
        return Gradients.of(da, db);
    }

    /** b · a^(b−1). */
    private static Value power(RuleContext c, Value a, Value b) {
        Ops ops = c.ops();
        Optional<float[]> exponent = c.constant(1).map(Tensor::toFloats).filter(e -> e.length == 1);
        if (exponent.isPresent() && exponent.get()[0] == 2) {
            return ops.scale(a, 2);
        }
        Value power = ops.mul(b, ops.pow(a, ops.sub(b, ops.scalar(1))));
        if (exponent.isPresent() && exponent.get()[0] != 0) {
            return power;
        }
        return ops.where(ops.equal(b, ops.scalar(0)), ops.scalar(0), power);
    }

    /** The gradient goes to the input that was chosen. */
    private static Gradients where(RuleContext c) {
        Ops ops = c.ops();
        Value zero = ops.scalar(0);
        return Gradients.of(
                null,
                c.wants(1) ? ops.where(c.x(0), c.dy(), zero) : null,
                c.wants(2) ? ops.where(c.x(0), zero, c.dy()) : null);
    }

    /** Between floating-point types the derivative is 1; all arithmetic here is float32. */
    private static Gradients cast(RuleContext c) {
        return c.values().isFloating(c.node().input(0)) ? Gradients.of(c.dy()) : Gradients.NONE;
    }
}
