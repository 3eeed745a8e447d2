package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** LRN: X / (bias + alpha / size · Σ X²)^beta, the sum over {@code size} channels around the own one. */
final class LocalResponseNormalization {
    private LocalResponseNormalization() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int size = call.integer("size", 1);
        double alpha = call.real("alpha", 0.0001f);
        double beta = call.real("beta", 0.75f);
        double bias = call.real("bias", 1);
        int channels = x.dim(1);
        int stride = Dims.strides(x.dims())[1];
        double[] result = new double[x.size()];
        for (int i = 0; i < result.length; i++) {
            int channel = i / stride % channels;
            int first = Math.max(0, channel - (size - 1) / 2);
            int last = Math.min(channels - 1, channel + size / 2);
            double squares = 0;
            for (int other = first; other <= last; other++) {
                double value = x.doubleAt(i + (other - channel) * stride);
                squares += value * value;
            }
            result[i] = x.doubleAt(i) / Math.pow(bias + alpha / size * squares, beta);
        }
        return Value.of(x.type(), x.dims(), result);
    }
}
