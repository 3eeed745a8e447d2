package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An activation function f of a recurrent operator and its slope. What the lists {@code activation_alpha} and {@code
 * activation_beta} hold serves, in order, the functions that take such a number.
 */
enum GateActivation {
    AFFINE(1, 0),
    ELU(1, Float.NaN),
    HARDSIGMOID(0.2f, 0.5f),
    LEAKYRELU(0.01f, Float.NaN),
    RELU,
    SCALEDTANH(1, 1),
    SIGMOID,
    SOFTPLUS,
    SOFTSIGN,
    TANH,
    THRESHOLDEDRELU(1, Float.NaN);

    private final float alpha;
    private final float beta;

    GateActivation() {
        this(Float.NaN, Float.NaN);
    }

    /** With default numbers; NaN where the function takes none. */
    GateActivation(float alpha, float beta) {
        this.alpha = alpha;
        this.beta = beta;
    }

    /** A function with its numbers. */
    record Tuned(GateActivation function, float alpha, float beta) {
        /** f(x). */
        Value value(Ops ops, Value x) {
            return switch (function) {
                case AFFINE -> ops.add(ops.scale(x, alpha), ops.scalar(beta));
                case ELU -> node(ops, "Elu", x, Attributes.NONE.with("alpha", alpha));
                case HARDSIGMOID ->
                    node(
                            ops,
                            "HardSigmoid",
                            x,
                            Attributes.NONE.with("alpha", alpha).with("beta", beta));
                case LEAKYRELU -> node(ops, "LeakyRelu", x, Attributes.NONE.with("alpha", alpha));
                case RELU -> ops.unary("Relu", x);
                case SCALEDTANH -> ops.scale(bent(ops, x), alpha);
                case SIGMOID -> ops.unary("Sigmoid", x);
                case SOFTPLUS -> ops.unary("Softplus", x);
                case SOFTSIGN -> ops.unary("Softsign", x);
                case TANH -> ops.unary("Tanh", x);
                case THRESHOLDEDRELU -> node(ops, "ThresholdedRelu", x, Attributes.NONE.with("alpha", alpha));
            };
        }

        /** Whether the slope follows from f(x) alone. */
        boolean slopeFollowsFromValue() {
            return function == RELU || function == SIGMOID || function == TANH;
        }

        /**
         * f'(x).
         *
         * @param x may be null where the slope follows from the value
         * @param y f(x)
         */
        Value slope(Ops ops, Value x, Value y) {
            Value one = ops.scalar(1);
            return switch (function) {
                case AFFINE -> ops.expandLike(ops.scalar(alpha), x);
                case ELU -> ops.where(negative(ops, x), ops.add(y, ops.scalar(alpha)), one);
                case HARDSIGMOID -> ops.scale(ops.mul(above(ops, y, 0), ops.cast(ops.less(y, one), 1)), alpha);
                case LEAKYRELU -> ops.where(negative(ops, x), ops.scalar(alpha), one);
                case RELU -> above(ops, y, 0);
                case SCALEDTANH -> ops.scale(ops.sub(one, ops.square(bent(ops, x))), (double) alpha * beta);
                case SIGMOID -> ops.mul(y, ops.sub(one, y));
                case SOFTPLUS -> ops.unary("Sigmoid", x);
                case SOFTSIGN -> ops.square(ops.sub(one, ops.unary("Abs", y)));
                case TANH -> ops.sub(one, ops.square(y));
                case THRESHOLDEDRELU -> above(ops, x, alpha);
            };
        }

        private Value bent(Ops ops, Value x) {
            return ops.unary("Tanh", ops.scale(x, beta));
        }

        private static Value negative(Ops ops, Value x) {
            return ops.less(x, ops.scalar(0));
        }

        /** 1 where x lies above a bound, else 0. */
        private static Value above(Ops ops, Value x, double bound) {
            return ops.cast(ops.greater(x, ops.scalar(bound)), 1);
        }

        private static Value node(Ops ops, String op, Value x, Attributes attributes) {
            return ops.emitter().node(op, x.shape(), attributes, x);
        }
    }

    /**
     * The functions of one direction.
     *
     * @param own the operator's own functions, for a node that names none
     */
    static List<Tuned> of(RuleContext context, int direction, String... own) {
        Attributes attributes = context.attributes();
        List<String> names = attributes.strings("activations").orElse(List.of());
        if (names.isEmpty()) {
            return List.of(own).stream()
                    .map(name -> new Tuned(named(name, context), Float.NaN, Float.NaN))
                    .toList();
        }
        List<Float> alphas =
                new ArrayList<>(attributes.numbers("activation_alpha").orElse(List.of()));
        List<Float> betas =
                new ArrayList<>(attributes.numbers("activation_beta").orElse(List.of()));
        List<Tuned> all = new ArrayList<>();
        for (String name : names) {
            GateActivation function = named(name, context);
            all.add(new Tuned(function, next(alphas, function.alpha), next(betas, function.beta)));
        }
        return all.subList(direction * own.length, (direction + 1) * own.length);
    }

    private static float next(List<Float> numbers, float otherwise) {
        return Float.isNaN(otherwise) || numbers.isEmpty() ? otherwise : numbers.remove(0);
    }

    private static GateActivation named(String name, RuleContext context) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw context.refuse("has the activation '" + name + "', which the standard does not know");
        }
    }
}
