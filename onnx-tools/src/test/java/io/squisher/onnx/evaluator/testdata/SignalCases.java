package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import java.util.stream.Stream;

/** Fourier transforms. ONNX Runtime 1.23 gives garbage for a short-time one of complex numbers: that is left out. */
final class SignalCases {
    private SignalCases() {}

    static Stream<OneNodeModel> all() {
        Value step = Value.ints(new int[0], 3);
        Value frame = Value.ints(new int[0], 4);
        Value length = Value.ints(new int[0], 5);
        return Stream.of(
                op("DFT", 17).normal(2, 6, 1).with("onesided", 1),
                op("DFT", 17).normal(2, 4, 2).constant(length),
                op("DFT", 20)
                        .normal(2, 4, 3, 2)
                        .missing()
                        .constant(Value.ints(new int[0], 1))
                        .with("inverse", 1),
                op("DFT", 20).normal(2, 4, 1).constant(length),
                op("STFT", 17).normal(2, 14, 1).constant(step).normal(4).constant(frame),
                op("STFT", 17)
                        .normal(2, 14, 1)
                        .constant(step)
                        .normal(5)
                        .constant(length)
                        .with("onesided", 0),
                op("HannWindow", 17).constant(length),
                op("BlackmanWindow", 17).constant(length).with("periodic", 0));
    }
}
