package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Operators that lay elements out anew, or repeat them. */
final class ShapeFamily {
    private ShapeFamily() {}

    static OneNodeModel shape(Draw d) {
        String operator = d.oneOf(
                "Reshape",
                "Flatten",
                "Transpose",
                "Squeeze",
                "Unsqueeze",
                "Expand",
                "Tile",
                "CenterCropPad",
                "DepthToSpace",
                "SpaceToDepth",
                "ReverseSequence",
                "Trilu");
        int rank = d.between(1, 4);
        int[] dims = d.dims(rank);
        return switch (operator) {
            case "Reshape" -> reshape(d, dims);
            case "Flatten" ->
                op(operator, d.oneOf(11, 13, 21)).input(d.normal(dims)).with("axis", d.between(-rank, rank));
            case "Transpose" -> {
                OneNodeModel model = op(operator, d.oneOf(1, 13, 21)).input(d.normal(dims));
                yield d.coin() ? model.with("perm", d.permutation(rank)) : model;
            }
            case "Squeeze" -> squeeze(d, rank);
            case "Unsqueeze" -> unsqueeze(d, dims);
            case "Expand" ->
                op(operator, 13).input(d.normal(d.broadcastTo(dims))).input(Value.vector(dims));
            case "Tile" -> op(operator, d.oneOf(6, 13)).input(d.normal(dims)).input(Value.vector(d.ints(rank, 1, 3)));
            case "CenterCropPad" -> cropOrPad(d, dims);
            case "DepthToSpace" ->
                op(operator, d.oneOf(11, 13))
                        .input(d.normal(d.between(1, 2), 4 * d.between(1, 2), d.between(1, 3), d.between(1, 3)))
                        .with("blocksize", 2)
                        .with("mode", d.oneOf("DCR", "CRD"));
            case "SpaceToDepth" ->
                op(operator, d.oneOf(1, 13))
                        .input(d.normal(d.between(1, 2), d.between(1, 2), 2 * d.between(1, 2), 2 * d.between(1, 2)))
                        .with("blocksize", 2);
            case "ReverseSequence" -> reverse(d);
            default -> {
                OneNodeModel model = op("Trilu", 14).input(d.normal(d.dims(d.between(2, 4))));
                if (d.coin()) {
                    model.input(Value.ints(new int[0], d.between(-3, 3)));
                }
                yield d.coin() ? model.with("upper", d.between(0, 1)) : model;
            }
        };
    }

    private static OneNodeModel reshape(Draw d, int[] dims) {
        int[] target =
                Arrays.stream(d.permutation(dims.length)).map(i -> dims[i]).toArray();
        if (d.coin()) {
            target[d.between(0, target.length - 1)] = -1;
        } else if (d.coin()) {
            target = new int[] {Dims.size(dims)};
        }
        return op("Reshape", d.oneOf(5, 13, 14, 21)).input(d.normal(dims)).input(Value.vector(target));
    }

    private static OneNodeModel squeeze(Draw d, int rank) {
        int[] dims = IntStream.range(0, rank)
                .map(i -> d.coin() ? 1 : d.between(2, 3))
                .toArray();
        int[] ones = IntStream.range(0, rank)
                .filter(i -> dims[i] == 1)
                .map(i -> d.coin() ? i : i - rank)
                .toArray();
        int opset = d.oneOf(11, 13, 21);
        OneNodeModel model = op("Squeeze", opset).input(d.normal(dims));
        if (ones.length == 0 || d.coin()) {
            return model;
        }
        return opset < 13 ? model.with("axes", ones) : model.input(Value.vector(ones));
    }

    private static OneNodeModel unsqueeze(Draw d, int[] dims) {
        int added = d.between(1, 2);
        int[] axes = Arrays.copyOf(d.permutation(dims.length + added), added);
        int opset = d.oneOf(11, 13, 21);
        OneNodeModel model = op("Unsqueeze", opset).input(d.normal(dims));
        return opset < 13 ? model.with("axes", axes) : model.input(Value.vector(axes));
    }

    private static OneNodeModel cropOrPad(Draw d, int[] dims) {
        int[] axes = d.axes(dims.length, 1);
        boolean all = d.coin();
        OneNodeModel model = op("CenterCropPad", 18)
                .input(d.normal(dims))
                .input(Value.vector(d.ints(all ? dims.length : axes.length, 1, 6)));
        return all ? model : model.with("axes", axes);
    }

    private static OneNodeModel reverse(Draw d) {
        int time = d.between(0, 1);
        int[] dims = d.ints(d.between(2, 4), 1, 4);
        int[] lengths = d.ints(dims[1 - time], 1, dims[time]);
        return op("ReverseSequence", 10)
                .input(d.normal(dims))
                .input(Value.vector(lengths))
                .with("time_axis", time)
                .with("batch_axis", 1 - time);
    }
}
