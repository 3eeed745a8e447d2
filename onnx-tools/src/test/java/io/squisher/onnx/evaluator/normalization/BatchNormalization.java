package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import java.util.List;
import java.util.stream.IntStream;

/**
 * (X - mean) / √(var + epsilon) · scale + B per channel. In training mode (attribute of opset 14) mean and variance are
 * those of the batch, and the running ones move toward them.
 */
final class BatchNormalization {
    private BatchNormalization() {}

    static List<Value> evaluate(OperatorCall call) {
        Value x = call.input(0);
        if (call.opset() < 14 && call.outputCount() > 1 || call.opset() < 7 && !call.flag("is_test", false)) {
            throw call.unsupported("training mode before opset 14");
        }
        if (!call.flag("spatial", true)) {
            throw call.unsupported("spatial = 0");
        }
        double epsilon = call.real("epsilon", 1e-5f);
        Value scale = Moments.perChannel(call.input(1), x.rank());
        Value bias = Moments.perChannel(call.input(2), x.rank());
        if (!call.flag("training_mode", false)) {
            Value mean = Moments.perChannel(call.input(3), x.rank());
            Value variance = Moments.perChannel(call.input(4), x.rank());
            Value centred = Elementwise.zip(x, mean, (value, m) -> value - m);
            Value normalized = Elementwise.zip(centred, variance, (c, v) -> c / Math.sqrt(v + epsilon));
            return List.of(Moments.affine(normalized, scale, bias));
        }
        int[] axes = IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray();
        Moments moments = Moments.over(x, axes, epsilon);
        return List.of(
                Moments.affine(moments.normalized(), scale, bias),
                moved(call, call.input(3), moments.mean()),
                moved(call, call.input(4), moments.variance()));
    }

    private static Value moved(OperatorCall call, Value running, Value current) {
        double momentum = call.real("momentum", 0.9f);
        return Elementwise.zip(
                running, current.reshaped(running.dims()), (old, now) -> old * momentum + now * (1 - momentum));
    }
}
