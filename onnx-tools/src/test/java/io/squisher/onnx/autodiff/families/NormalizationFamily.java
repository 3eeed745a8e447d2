package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.Arrays;

/** Normalisations and Softmax. */
final class NormalizationFamily {
    private static final int APART = 5;

    private NormalizationFamily() {}

    static OneNodeModel overAxes(Draw d) {
        String operator = d.oneOf(
                "Softmax",
                "LogSoftmax",
                "LayerNormalization",
                "RMSNormalization",
                "LpNormalization",
                "MeanVarianceNormalization");
        int rank = d.between(1, 4);
        int[] dims = d.ints(rank, 2, 4);
        int axis = d.axis(rank);
        return switch (operator) {
            case "Softmax", "LogSoftmax" ->
                op(operator, d.oneOf(9, 11, 13)).input(d.normal(dims)).with("axis", axis);
            case "LayerNormalization" -> layer(d, dims, axis);
            case "RMSNormalization" -> {
                OneNodeModel model = op(operator, 23)
                        .input(d.normal(dims))
                        .input(d.normal(Arrays.copyOfRange(dims, Math.floorMod(axis, rank), rank)))
                        .with("axis", axis);
                yield d.coin() ? model.with("epsilon", d.real(0.001, 0.1)) : model;
            }
            case "LpNormalization" ->
                op(operator, d.oneOf(1, 22))
                        .input(d.normal(dims))
                        .with("axis", axis)
                        .with("p", d.between(1, 2));
            default -> meanVariance(d, dims);
        };
    }

    /**
     * Two elements become ±1 whatever they are; of that gradient, 0, float32 leaves the more the nearer they are. They are
     * drawn about {@value #APART} apart.
     */
    private static OneNodeModel meanVariance(Draw d, int[] dims) {
        int[] axes = d.axes(dims.length, 1);
        Value x = d.normal(dims);
        int axis = Math.floorMod(axes[0], dims.length);
        if (axes.length == 1 && dims[axis] == 2) {
            int stride = Dims.strides(dims)[axis];
            double[] values = x.doubles();
            Arrays.setAll(values, i -> values[i] + APART * (i / stride % 2));
            x = Value.floats(dims, values);
        }
        return op("MeanVarianceNormalization", d.oneOf(9, 13)).input(x).with("axes", axes);
    }

    private static OneNodeModel layer(Draw d, int[] dims, int axis) {
        int[] normalized = Arrays.copyOfRange(dims, Math.floorMod(axis, dims.length), dims.length);
        OneNodeModel model = op("LayerNormalization", 17).input(d.normal(dims)).input(d.normal(normalized));
        if (d.coin()) {
            model.input(d.normal(normalized));
        }
        if (d.coin()) {
            model.with("epsilon", d.real(0.001, 0.1));
        }
        return model.with("axis", axis).outputs(d.oneOf(1, 1, 3));
    }

    static OneNodeModel ofChannels(Draw d) {
        String operator = d.oneOf("BatchNormalization", "InstanceNormalization", "GroupNormalization", "LRN");
        int groups = d.between(1, 3);
        int channels = groups * d.between(1, 3);
        int[] dims = Dims.concat(new int[] {d.between(1, 3), channels}, d.ints(d.between(1, 3), 2, 3));
        return switch (operator) {
            case "BatchNormalization" -> {
                OneNodeModel model = op(operator, d.oneOf(9, 14, 15))
                        .input(d.normal(dims))
                        .input(d.normal(channels))
                        .input(d.normal(channels))
                        .input(d.normal(channels))
                        .input(d.uniform(0.3, 2, channels));
                yield d.coin() ? model.with("epsilon", d.real(0.001, 0.1)) : model;
            }
            case "InstanceNormalization" ->
                op(operator, d.oneOf(6, 22))
                        .input(d.normal(dims))
                        .input(d.normal(channels))
                        .input(d.normal(channels))
                        .with("epsilon", d.real(0.001, 0.1));
            case "GroupNormalization" -> {
                int opset = d.oneOf(18, 21);
                int scales = opset == 18 ? groups : channels;
                yield op(operator, opset)
                        .input(d.normal(dims))
                        .input(d.normal(scales))
                        .input(d.normal(scales))
                        .with("num_groups", groups)
                        .with("epsilon", d.real(0.001, 0.1));
            }
            default ->
                // ONNX Runtime takes images alone.
                op(operator, d.oneOf(1, 13))
                        .input(d.normal(d.between(1, 2), channels, 2, 3))
                        .with("size", d.oneOf(1, 3, 5))
                        .with("alpha", d.real(0.1, 1))
                        .with("beta", d.real(0.3, 1))
                        .with("bias", d.real(0.5, 2));
        };
    }
}
