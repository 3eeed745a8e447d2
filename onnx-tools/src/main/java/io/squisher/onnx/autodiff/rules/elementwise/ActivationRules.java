package io.squisher.onnx.autodiff.rules.elementwise;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import java.util.Map;

/** Derivatives of activations whose shape attributes give, sorted by operator; at a kink that of PyTorch. */
public final class ActivationRules {
    /** γ and α of SELU, by the standard. */
    private static final float SELU_ALPHA = 1.67326319217681884765625f;

    private static final float SELU_GAMMA = 1.05070102214813232421875f;

    /** Of the approximation {@code ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))}. */
    private static final double GELU_CUBIC = 0.044715;

    public static final Map<String, GradientRule> ALL = Map.ofEntries(
            Map.entry("Celu", slope(ActivationRules::celu)),
            Map.entry("Clip", ActivationRules::clip),
            Map.entry("Elu", slope(c -> exponential(c, c.attributes().number("alpha", 1), 1))),
            Map.entry("Gelu", slope(ActivationRules::gelu)),
            Map.entry("HardSigmoid", slope(ActivationRules::hardSigmoid)),
            Map.entry("HardSwish", slope(ActivationRules::hardSwish)),
            Map.entry("LeakyRelu", slope(ActivationRules::leakyRelu)),
            Map.entry("Mish", slope(ActivationRules::mish)),
            Map.entry("PRelu", ActivationRules::pRelu),
            Map.entry(
                    "Selu",
                    slope(c -> exponential(
                            c,
                            c.attributes().number("alpha", SELU_ALPHA),
                            c.attributes().number("gamma", SELU_GAMMA)))),
            Map.entry("Shrink", slope(ActivationRules::shrink)),
            Map.entry("ThresholdedRelu", slope(ActivationRules::thresholdedRelu)));

    private ActivationRules() {}

    /** The derivative of an operator of one tensor. */
    @FunctionalInterface
    private interface Slope {
        Value at(RuleContext c);
    }

    private static GradientRule slope(Slope slope) {
        return c -> Gradients.of(c.ops().mul(c.dy(), slope.at(c)));
    }

    /** 1 for positive x, else exp(x / α). */
    private static Value celu(RuleContext c) {
        Ops ops = c.ops();
        Value scaled = ops.scale(c.x(0), 1.0 / c.attributes().number("alpha", 1));
        return ops.where(positive(c), ops.scalar(1), ops.unary("Exp", scaled));
    }

    /** γ for positive x, else γ α exp(x). */
    private static Value exponential(RuleContext c, double alpha, double gamma) {
        Ops ops = c.ops();
        return ops.where(positive(c), ops.scalar(gamma), ops.scale(ops.unary("Exp", c.x(0)), alpha * gamma));
    }

    private static Value positive(RuleContext c) {
        return c.ops().greater(c.x(0), c.ops().scalar(0));
    }

    /** The gradient goes to the bound where that was taken, to x elsewhere and at equality. */
    private static Gradients clip(RuleContext c) {
        Ops ops = c.ops();
        Value zero = ops.scalar(0);
        Value dx = c.dy();
        Value dMin = null;
        Value dMax = null;
        if (c.has(1)) {
            Value below = ops.less(c.x(0), c.x(1));
            dx = ops.where(below, zero, dx);
            dMin = c.wants(1) ? ops.where(below, c.dy(), zero) : null;
        }
        if (c.has(2)) {
            Value above = ops.greater(c.x(0), c.x(2));
            dx = ops.where(above, zero, dx);
            dMax = c.wants(2) ? ops.where(above, c.dy(), zero) : null;
        }
        return Gradients.of(dx, dMin, dMax);
    }

    /** Φ(x) + x φ(x), or the derivative of the approximation. */
    private static Value gelu(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        if (c.attributes().string("approximate", "none").equals("tanh")) {
            Value square = ops.square(x);
            double factor = Math.sqrt(2 / Math.PI);
            Value inner = ops.mul(ops.scale(x, factor), ops.add(ops.scalar(1), ops.scale(square, GELU_CUBIC)));
            Value tanh = ops.unary("Tanh", inner);
            Value steepness = ops.add(ops.scalar(factor), ops.scale(square, 3 * GELU_CUBIC * factor));
            Value bent = ops.mul(ops.mul(x, ops.sub(ops.scalar(1), ops.square(tanh))), steepness);
            return ops.scale(ops.add(ops.add(ops.scalar(1), tanh), bent), 0.5);
        }
        // With t = x/√2, so that few passes over memory are needed: Φ = (1 + erf t)/2, x φ = t exp(−t²)/√π.
        Value t = ops.scale(x, Math.sqrt(0.5));
        Attributes half = Attributes.NONE.with("alpha", 0.5f).with("beta", 0.5f);
        Value distribution = ops.emitter().node("HardSigmoid", x.shape(), half, ops.unary("Erf", t));
        Value density = ops.unary("Exp", ops.sub(ops.scalar(-0.5 * Math.log(Math.PI)), ops.square(t)));
        return ops.add(distribution, ops.mul(t, density));
    }

    /** α where y is strictly between 0 and 1. */
    private static Value hardSigmoid(RuleContext c) {
        Ops ops = c.ops();
        Value inside = ops.broadcast("And", ops.greater(c.y(0), ops.scalar(0)), ops.less(c.y(0), ops.scalar(1)));
        return ops.where(inside, ops.scalar(c.attributes().number("alpha", 0.2f)), ops.scalar(0));
    }

    /** 0 up to −3, x/3 + ½ between, 1 from 3 on. */
    private static Value hardSwish(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        Value between = ops.add(ops.scale(x, 1.0 / 3), ops.scalar(0.5));
        Value upper = ops.where(ops.less(x, ops.scalar(3)), between, ops.scalar(1));
        return ops.where(ops.greater(x, ops.scalar(-3)), upper, ops.scalar(0));
    }

    private static Value leakyRelu(RuleContext c) {
        Ops ops = c.ops();
        return ops.where(positive(c), ops.scalar(1), ops.scalar(c.attributes().number("alpha", 0.01f)));
    }

    /** With t = tanh(softplus(x)): t + x (1 − t²) σ(x). */
    private static Value mish(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        Value t = ops.unary("Tanh", ops.unary("Softplus", x));
        Value bent = ops.mul(ops.sub(ops.scalar(1), ops.square(t)), ops.unary("Sigmoid", x));
        return ops.add(t, ops.mul(x, bent));
    }

    /** dx = dy or slope · dy; dslope = x · dy where x is not positive. */
    private static Gradients pRelu(RuleContext c) {
        Ops ops = c.ops();
        Value dx = c.wants(0) ? ops.where(positive(c), c.dy(), ops.mul(c.dy(), c.x(1))) : null;
        Value dSlope = c.wants(1) ? ops.where(positive(c), ops.scalar(0), ops.mul(c.dy(), c.x(0))) : null;
        return Gradients.of(dx, dSlope);
    }

    /** 1 where |x| &gt; λ. */
    private static Value shrink(RuleContext c) {
        Ops ops = c.ops();
        Value outside =
                ops.greater(ops.unary("Abs", c.x(0)), ops.scalar(c.attributes().number("lambd", 0.5f)));
        return ops.where(outside, ops.scalar(1), ops.scalar(0));
    }

    /** 1 where x &gt; α. */
    private static Value thresholdedRelu(RuleContext c) {
        Ops ops = c.ops();
        Value active = ops.greater(c.x(0), ops.scalar(c.attributes().number("alpha", 1)));
        return ops.where(active, ops.scalar(1), ops.scalar(0));
    }
}
