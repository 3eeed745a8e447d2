package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.stream.IntStream;

/** Crops or pads with zeros to a shape, around the centre: an odd element goes to the end. */
final class CenterCropPad {
    private CenterCropPad() {}

    static Value evaluate(OperatorCall call) {
        Value data = call.input(0);
        int[] target = call.input(1).ints();
        int[] axes = call.axes(2, data.rank()).orElse(Dims.range(data.rank()));
        Value result = data;
        for (int i = 0; i < axes.length; i++) {
            int dim = data.dim(axes[i]);
            int shift = target[i] > dim ? -((target[i] - dim) / 2) : (dim - target[i]) / 2;
            int[] positions = IntStream.range(shift, shift + target[i])
                    .map(at -> at < 0 || at >= dim ? -1 : at)
                    .toArray();
            result = result.select(axes[i], positions);
        }
        return result;
    }
}
