package io.squisher.onnx.autodiff.rules;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Map;

/**
 * Derivatives that fit in a line, sorted by operator. At a kink the subgradient is that of PyTorch: 0 for Relu and Abs
 * at 0.
 */
final class ElementwiseRules {
    /** A derivative of one input, from the input x and the output y. */
    @FunctionalInterface
    private interface Derivative {
        Value at(Ops ops, Value x, Value y);
    }

    static final Map<String, GradientRule> ALL = Map.ofEntries(
            Map.entry("Abs", unary((o, x, y) -> o.unary("Sign", x))),
            Map.entry("Add", c -> Gradients.of(c.dy(), c.dy())),
            Map.entry("Cast", ElementwiseRules::cast),
            Map.entry("Div", ElementwiseRules::div),
            Map.entry(
                    "Erf",
                    unary((o, x, y) -> o.scale(o.unary("Exp", o.unary("Neg", o.square(x))), 2 / Math.sqrt(Math.PI)))),
            Map.entry("Exp", unary((o, x, y) -> y)),
            Map.entry("Identity", c -> Gradients.of(c.dy())),
            Map.entry("Log", c -> Gradients.of(c.ops().div(c.dy(), c.x(0)))),
            Map.entry(
                    "Mul",
                    c -> Gradients.of(
                            c.wants(0) ? c.ops().mul(c.dy(), c.x(1)) : null,
                            c.wants(1) ? c.ops().mul(c.dy(), c.x(0)) : null)),
            Map.entry("Neg", c -> Gradients.of(c.ops().unary("Neg", c.dy()))),
            Map.entry("Reciprocal", unary((o, x, y) -> o.unary("Neg", o.square(y)))),
            Map.entry("Relu", ElementwiseRules::relu),
            Map.entry("Sigmoid", unary((o, x, y) -> o.mul(y, o.sub(o.scalar(1), y)))),
            Map.entry("Softplus", unary((o, x, y) -> o.unary("Sigmoid", x))),
            Map.entry("Sqrt", c -> Gradients.of(c.ops().div(c.ops().scale(c.dy(), 0.5), c.y(0)))),
            Map.entry("Sub", c -> Gradients.of(c.dy(), c.wants(1) ? c.ops().unary("Neg", c.dy()) : null)),
            Map.entry("Tanh", unary((o, x, y) -> o.sub(o.scalar(1), o.square(y)))));

    private ElementwiseRules() {}

    private static GradientRule unary(Derivative derivative) {
        return c -> Gradients.of(c.ops().mul(c.dy(), derivative.at(c.ops(), c.x(0), c.y(0))));
    }

    /** dx = dy where y &gt; 0. */
    private static Gradients relu(RuleContext c) {
        Ops ops = c.ops();
        return Gradients.of(ops.where(ops.greater(c.y(0), ops.scalar(0)), c.dy(), ops.scalar(0)));
    }

    /** da = dy / b, db = -dy · y / b. */
    private static Gradients div(RuleContext c) {
        Ops ops = c.ops();
        Value da = ops.div(c.dy(), c.x(1));
        return Gradients.of(da, c.wants(1) ? ops.unary("Neg", ops.mul(da, c.y(0))) : null);
    }

    /** Between floating-point types the derivative is 1; all arithmetic here is float32. */
    private static Gradients cast(RuleContext c) {
        return c.values().isFloating(c.node().input(0)) ? Gradients.of(c.dy()) : Gradients.NONE;
    }
}
