package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.stream.IntStream;

/** Poolings of one to three axes. */
final class PoolFamily {
    private PoolFamily() {}

    static OneNodeModel pool(Draw d) {
        String operator = d.oneOf("AveragePool", "MaxPool", "LpPool");
        int opset = operator.equals("MaxPool") ? d.oneOf(12, 22) : d.oneOf(19, 22);
        int axes = d.between(1, 3);
        int[] kernel = d.ints(axes, 1, 3);
        int[] dilations = d.coin() ? d.ints(axes, 1, 2) : d.ints(axes, 1, 1);
        int[] image = IntStream.range(0, axes)
                .map(i -> (kernel[i] - 1) * dilations[i] + 1 + d.between(0, 4))
                .toArray();
        OneNodeModel model = op(operator, opset)
                .input(d.normal(Dims.concat(new int[] {d.between(1, 2), d.between(1, 2)}, image)))
                .with("kernel_shape", kernel)
                .with("dilations", dilations);
        int[] strides = d.coin() ? d.ints(axes, 1, 3) : d.ints(axes, 1, 1);
        model.with("strides", strides);
        boolean plain = IntStream.of(dilations).allMatch(dilation -> dilation == 1);
        switch (d.between(0, 3)) {
            case 0, 1 -> {
                int[] pads = new int[2 * axes];
                for (int i = 0; i < pads.length; i++) {
                    pads[i] = d.between(0, kernel[i % axes] - 1);
                }
                model.with("pads", pads);
                boolean ceil = !operator.equals("LpPool") && d.coin();
                if (ceil
                        && IntStream.range(0, axes)
                                .allMatch(i -> strides[i] <= reach(kernel, dilations, i) - pads[axes + i])) {
                    // Others may leave out a window, which ONNX Runtime and so the rules refuse.
                    model.with("ceil_mode", 1);
                }
            }
            case 2 -> {
                boolean near = IntStream.range(0, axes).allMatch(i -> strides[i] <= kernel[i] + 1);
                return model.with("auto_pad", plain && near ? d.oneOf("SAME_UPPER", "SAME_LOWER") : "VALID");
            }
            default -> {}
        }
        return switch (operator) {
            case "AveragePool" -> d.coin() ? model.with("count_include_pad", 1) : model;
            case "LpPool" -> d.coin() ? model.with("p", d.between(1, 3)) : model;
            default -> d.coin() ? model.with("storage_order", d.between(0, 1)).outputs(2) : model;
        };
    }

    private static int reach(int[] kernel, int[] dilations, int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    static OneNodeModel global(Draw d) {
        String operator = d.oneOf("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool");
        OneNodeModel model = op(operator, d.oneOf(13, 22)).input(d.normal(d.dims(d.between(3, 5))));
        return operator.equals("GlobalLpPool") ? model.with("p", d.between(1, 3)) : model;
    }
}
