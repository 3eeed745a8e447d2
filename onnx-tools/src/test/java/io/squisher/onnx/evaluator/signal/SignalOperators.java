package io.squisher.onnx.evaluator.signal;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of signal operators. */
public final class SignalOperators {
    private SignalOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("BlackmanWindow", Window::blackman)
                .one("DFT", Fourier::dft)
                .one("HammingWindow", Window::hamming)
                .one("HannWindow", Window::hann)
                .one("MelWeightMatrix", MelWeightMatrix::evaluate)
                .one("STFT", Fourier::shortTime);
    }
}
