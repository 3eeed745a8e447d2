package io.squisher.onnx.evaluator.fused;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.convolution.Conv;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.elementwise.Functions;
import io.squisher.onnx.evaluator.linear.Gemm;
import java.util.function.DoubleUnaryOperator;

/** Gelus with a bias, convolutions and products with an activation. */
final class FusedActivations {
    private FusedActivations() {}

    /** f(X + bias), the bias optional. */
    static Value biased(OperatorCall call, DoubleUnaryOperator f) {
        Value sum = call.optional(1)
                .map(bias -> Elementwise.zip(call.input(0), bias, Double::sum))
                .orElse(call.input(0));
        return Elementwise.map(sum, f);
    }

    /** x · σ(alpha x). */
    static Value quickGelu(OperatorCall call) {
        double alpha = call.real("alpha", 1.702f);
        return Elementwise.map(call.input(0), x -> x * Functions.sigmoid(alpha * x));
    }

    /** FusedConv: activation(Conv(X, W, B) + Z). */
    static Value conv(OperatorCall call) {
        Value convolved = Conv.evaluate(call);
        Value sum = call.optional(3)
                .map(z -> Elementwise.zip(convolved, z, Double::sum))
                .orElse(convolved);
        return Elementwise.map(sum, activation(call, call.reals("activation_params")));
    }

    /** FusedGemm: activation(alpha A' B' + beta C), the activation's numbers one an attribute. */
    static Value gemm(OperatorCall call) {
        double[] parameters = {call.real("activation_alpha", 0), call.real("activation_beta", 0)};
        return Elementwise.map(Gemm.evaluate(call), activation(call, parameters));
    }

    private static DoubleUnaryOperator activation(OperatorCall call, double[] parameters) {
        return switch (call.text("activation", "")) {
            case "" -> x -> x;
            case "Relu" -> x -> Math.max(0, x);
            case "Tanh" -> Math::tanh;
            case "Sigmoid" -> Functions::sigmoid;
            case "LeakyRelu" -> x -> x < 0 ? parameters[0] * x : x;
            case "Clip" -> x -> Math.min(parameters[1], Math.max(parameters[0], x));
            case "HardSigmoid" -> x -> Math.max(0, Math.min(1, parameters[0] * x + parameters[1]));
            default -> throw call.unsupported("activation " + call.text("activation", ""));
        };
    }
}
