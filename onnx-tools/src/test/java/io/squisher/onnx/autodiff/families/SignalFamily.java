package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;

/**
 * Fourier transforms of whole signals and of frames. By ONNX Runtime's limits a whole one has an axis of examples, and
 * short-time ones are of real numbers.
 */
final class SignalFamily {
    private SignalFamily() {}

    static OneNodeModel dft(Draw d) {
        int rank = d.between(3, 4);
        int[] dims = d.ints(rank, 1, 5);
        boolean inverse = d.coin();
        boolean oneSided = !inverse && d.coin();
        dims[rank - 1] = oneSided ? 1 : d.between(1, 2);
        int axis = d.between(0, rank - 2);
        int opset = d.oneOf(17, 20);
        OneNodeModel model = op("DFT", opset).input(d.normal(dims));
        if (d.coin()) {
            model.constant(Value.ints(new int[0], d.between(1, 6)));
        } else {
            model.missing();
        }
        if (opset == 17) {
            model.with("axis", axis);
        } else {
            model.constant(Value.ints(new int[0], d.coin() ? axis : axis - rank));
        }
        return model.with("inverse", inverse ? 1 : 0).with("onesided", oneSided ? 1 : 0);
    }

    static OneNodeModel shortTime(Draw d) {
        int length = d.between(2, 6);
        int step = d.between(1, 4);
        OneNodeModel model = op("STFT", 17)
                .input(d.normal(d.between(1, 3), length + d.between(0, 9), 1))
                .constant(Value.ints(new int[0], step));
        if (d.coin()) {
            model.input(d.normal(length));
        } else {
            model.missing().constant(Value.ints(new int[0], length));
        }
        return model.with("onesided", d.between(0, 1));
    }
}
