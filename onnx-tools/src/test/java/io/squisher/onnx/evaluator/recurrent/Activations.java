package io.squisher.onnx.evaluator.recurrent;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.elementwise.Functions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Activation functions by name; the lists of alphas and betas serve, in order, the functions that take one. */
final class Activations {
    private final double[] alphas;
    private final double[] betas;
    private int nextAlpha;
    private int nextBeta;

    private Activations(OperatorCall call) {
        this.alphas = call.reals("activation_alpha");
        this.betas = call.reals("activation_beta");
    }

    /** The functions of one direction, those named in {@code defaults} where the node names none. */
    static List<DoubleUnaryOperator> of(OperatorCall call, int direction, String... defaults) {
        List<String> names = call.texts("activations");
        Activations activations = new Activations(call);
        List<DoubleUnaryOperator> functions = new ArrayList<>();
        for (String name : names) {
            functions.add(activations.named(name));
        }
        if (functions.isEmpty()) {
            for (String name : defaults) {
                functions.add(activations.named(name));
            }
            return functions;
        }
        return functions.subList(direction * defaults.length, (direction + 1) * defaults.length);
    }

    private DoubleUnaryOperator named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "relu" -> x -> Math.max(0, x);
            case "tanh" -> Math::tanh;
            case "sigmoid" -> Functions::sigmoid;
            case "softsign" -> x -> x / (1 + Math.abs(x));
            case "softplus" -> Functions::softplus;
            case "leakyrelu" -> leakyRelu(alpha(0.01f));
            case "thresholdedrelu" -> thresholdedRelu(alpha(1));
            case "elu" -> elu(alpha(1));
            case "affine" -> affine(alpha(1), beta(0));
            case "scaledtanh" -> scaledTanh(alpha(1), beta(1));
            case "hardsigmoid" -> hardSigmoid(alpha(0.2f), beta(0.5f));
            default -> throw new IllegalArgumentException("activation " + name);
        };
    }

    private double alpha(double fallback) {
        return nextAlpha < alphas.length ? alphas[nextAlpha++] : fallback;
    }

    private double beta(double fallback) {
        return nextBeta < betas.length ? betas[nextBeta++] : fallback;
    }

    private static DoubleUnaryOperator leakyRelu(double alpha) {
        return x -> x < 0 ? alpha * x : x;
    }

    private static DoubleUnaryOperator thresholdedRelu(double alpha) {
        return x -> x > alpha ? x : 0;
    }

    private static DoubleUnaryOperator elu(double alpha) {
        return x -> x < 0 ? alpha * Math.expm1(x) : x;
    }

    private static DoubleUnaryOperator affine(double alpha, double beta) {
        return x -> alpha * x + beta;
    }

    private static DoubleUnaryOperator scaledTanh(double alpha, double beta) {
        return x -> alpha * Math.tanh(beta * x);
    }

    private static DoubleUnaryOperator hardSigmoid(double alpha, double beta) {
        return x -> Math.max(0, Math.min(1, alpha * x + beta));
    }
}
