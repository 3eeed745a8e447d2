package io.squisher.onnx.evaluator.signal;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;

/** Σ_k a_k cos(2π k n / N) for n below the size; N is the size, or one less where the window is symmetric. */
final class Window {
    private Window() {}

    static Value hann(OperatorCall call) {
        return cosines(call, 0.5, -0.5);
    }

    static Value hamming(OperatorCall call) {
        return cosines(call, 25.0 / 46, -21.0 / 46);
    }

    static Value blackman(OperatorCall call) {
        return cosines(call, 0.42, -0.5, 0.08);
    }

    private static Value cosines(OperatorCall call, double... coefficients) {
        int size = (int) call.input(0).longAt(0);
        int period = call.flag("periodic", true) ? size : size - 1;
        double[] window = new double[size];
        for (int n = 0; n < size; n++) {
            for (int k = 0; k < coefficients.length; k++) {
                window[n] += coefficients[k] * Math.cos(2 * Math.PI * k * n / period);
            }
        }
        return Cast.to(Value.floats(new int[] {size}, window), Cast.type(call.integer("output_datatype", 1)));
    }
}
