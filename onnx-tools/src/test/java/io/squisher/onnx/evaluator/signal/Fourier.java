package io.squisher.onnx.evaluator.signal;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/**
 * DFT and STFT: X_k = Σ_n x_n e^(∓2πi k n / N). The last axis holds a real part, or a real and an imaginary one; results
 * have both.
 */
final class Fourier {
    private Fourier() {}

    /** Along an axis, cut or padded with zeros to {@code dft_length}; the inverse divides by N. */
    static Value dft(OperatorCall call) {
        Value x = call.input(0);
        int axis = call.opset() < 20
                ? Dims.axis(call.integer("axis", 1), x.rank())
                : Dims.axis(call.optional(2).map(a -> a.longAt(0)).orElse(-2L), x.rank());
        int length = call.optional(1).map(n -> (int) n.longAt(0)).orElse(x.dim(axis));
        boolean inverse = call.flag("inverse", false);
        int bins = call.flag("onesided", false) ? length / 2 + 1 : length;
        int[] dims = Dims.with(Dims.with(x.dims(), axis, bins), x.rank() - 1, 2);
        int[] strides = Dims.strides(x.dims());
        double[] y = new double[Dims.size(dims)];
        for (int at = 0; at < y.length; at += 2) {
            int[] index = Dims.unravel(at, dims);
            int bin = index[axis];
            index[axis] = 0;
            Sum sum = new Sum(x, Dims.ravel(index, strides), strides[axis]);
            for (int n = 0; n < Math.min(length, x.dim(axis)); n++) {
                double angle = 2 * Math.PI * ((long) bin * n % length) / length;
                sum.add(n, inverse ? angle : -angle, 1);
            }
            y[at] = sum.real / (inverse ? length : 1);
            y[at + 1] = sum.imaginary / (inverse ? length : 1);
        }
        return Value.of(x.type(), dims, y);
    }

    /** STFT: transforms of windowed frames, {@code frame_step} apart: [batch, frames, bins, 2]. */
    static Value shortTime(OperatorCall call) {
        Value signal = call.input(0);
        int step = (int) call.input(1).longAt(0);
        int length = call.optional(3).map(n -> (int) n.longAt(0)).orElseGet(() -> call.input(2)
                .size());
        int frames = (signal.dim(1) - length) / step + 1;
        int bins = call.flag("onesided", true) ? length / 2 + 1 : length;
        int[] dims = {signal.dim(0), frames, bins, 2};
        int width = signal.rank() == 3 ? signal.dim(2) : 1;
        double[] y = new double[Dims.size(dims)];
        for (int at = 0; at < y.length; at += 2) {
            int[] index = Dims.unravel(at, dims);
            Sum sum = new Sum(signal, (index[0] * signal.dim(1) + index[1] * step) * width, width);
            for (int n = 0; n < length; n++) {
                int tap = n;
                double weight = call.optional(2).map(w -> w.doubleAt(tap)).orElse(1.0);
                sum.add(n, -2 * Math.PI * ((long) index[2] * n % length) / length, weight);
            }
            y[at] = sum.real;
            y[at + 1] = sum.imaginary;
        }
        return Value.of(signal.type(), dims, y);
    }

    /** A sum of turned elements of a sequence inside a value. */
    private static final class Sum {
        private final Value x;
        private final int start;
        private final int stride;
        private final boolean complex;
        private double real;
        private double imaginary;

        Sum(Value x, int start, int stride) {
            this.x = x;
            this.start = start;
            this.stride = stride;
            this.complex = x.dim(-1) == 2;
        }

        void add(int n, double angle, double weight) {
            double re = weight * x.doubleAt(start + n * stride);
            double im = complex ? weight * x.doubleAt(start + n * stride + 1) : 0;
            real += re * Math.cos(angle) - im * Math.sin(angle);
            imaginary += re * Math.sin(angle) + im * Math.cos(angle);
        }
    }
}
