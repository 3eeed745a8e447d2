package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.stream.IntStream;

/** GroupNormalization and InstanceNormalization: statistics per example and group of channels. */
final class GroupNormalization {
    private GroupNormalization() {}

    /** Opset 18 scales per group, opset 21 per channel. */
    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int groups = call.integer("num_groups", 1);
        Value normalized = normalized(x, groups, call.real("epsilon", 1e-5f));
        return Moments.affine(normalized, perChannel(call.input(1), x, groups), perChannel(call.input(2), x, groups));
    }

    /** One group a channel. */
    static Value instance(OperatorCall call) {
        Value x = call.input(0);
        Value normalized = normalized(x, x.dim(1), call.real("epsilon", 1e-5f));
        return Moments.affine(
                normalized, Moments.perChannel(call.input(1), x.rank()), Moments.perChannel(call.input(2), x.rank()));
    }

    private static Value normalized(Value x, int groups, double epsilon) {
        int[] spatial = Arrays.copyOfRange(x.dims(), 2, x.rank());
        Value grouped = x.reshaped(Dims.concat(new int[] {x.dim(0), groups, x.dim(1) / groups}, spatial));
        int[] axes = IntStream.range(2, grouped.rank()).toArray();
        return Moments.over(grouped, axes, epsilon).normalized().reshaped(x.dims());
    }

    private static Value perChannel(Value vector, Value x, int groups) {
        int repeats = x.dim(1) / vector.size();
        Value expanded = vector.size() == groups
                ? vector.reshaped(groups, 1).broadcastTo(groups, repeats).reshaped(x.dim(1))
                : vector;
        return Moments.perChannel(expanded, x.rank());
    }
}
