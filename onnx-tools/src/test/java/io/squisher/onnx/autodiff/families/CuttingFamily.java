package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Operators that cut along axes, or put together. */
final class CuttingFamily {
    private CuttingFamily() {}

    static OneNodeModel slice(Draw d) {
        int rank = d.between(1, 4);
        int[] dims = d.ints(rank, 2, 6);
        int[] axes = d.axes(rank, 1);
        int opset = d.oneOf(9, 10, 11, 13);
        boolean attributes = opset < 10;
        int[] starts = new int[axes.length];
        int[] ends = new int[axes.length];
        int[] steps = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = attributes ? Math.floorMod(axes[i], rank) : axes[i];
            int dim = dims[Math.floorMod(axes[i], rank)];
            int low = d.between(0, dim - 1);
            int high = d.between(low + 1, dim);
            boolean backwards = !attributes && d.coin();
            steps[i] = (backwards ? -1 : 1) * (attributes ? 1 : d.between(1, 3));
            starts[i] = fromEitherEnd(d, backwards ? high - 1 : low, dim);
            ends[i] = backwards ? (low == 0 ? -100 : low - 1) : high == dim ? d.oneOf(dim, 100) : high - dim;
        }
        OneNodeModel model = op("Slice", opset).input(d.normal(dims));
        if (attributes) {
            return model.with("starts", starts).with("ends", ends).with("axes", axes);
        }
        model.input(Value.vector(starts)).input(Value.vector(ends)).input(Value.vector(axes));
        return Arrays.stream(steps).allMatch(step -> step == 1) && d.coin() ? model : model.input(Value.vector(steps));
    }

    private static int fromEitherEnd(Draw d, int index, int dim) {
        return d.coin() ? index : index - dim;
    }

    static OneNodeModel pad(Draw d) {
        int rank = d.between(1, 4);
        int[] dims = d.ints(rank, 3, 5);
        int opset = d.oneOf(9, 11, 13, 18, 19, 21);
        String mode =
                opset >= 19 ? d.oneOf("constant", "edge", "reflect", "wrap") : d.oneOf("constant", "edge", "reflect");
        // Images up to five axes; ONNX Runtime cuts in the other modes alone, where elements are left to reflect.
        boolean negative = mode.equals("constant") || mode.equals("edge");
        boolean some = opset >= 18 && d.coin();
        int[] axes = some ? d.axes(rank, 1) : IntStream.range(0, rank).toArray();
        int[] pads = d.ints(2 * axes.length, negative ? -1 : 0, 2);
        OneNodeModel model = op("Pad", opset).input(d.normal(dims)).with("mode", mode);
        double value = (float) d.real(-1, 1);
        boolean valued = mode.equals("constant") && d.coin();
        if (opset < 11) {
            return valued ? model.with("pads", pads).with("value", value) : model.with("pads", pads);
        }
        model.input(Value.vector(pads));
        if (valued) {
            model.input(Value.scalar(value));
        } else if (some) {
            model.missing();
        }
        return some ? model.input(Value.vector(axes)) : model;
    }

    static OneNodeModel splitOrConcat(Draw d) {
        int rank = d.between(1, 4);
        int axis = d.axis(rank);
        int at = Math.floorMod(axis, rank);
        int[] dims = d.dims(rank);
        int[] sizes = d.ints(d.between(1, 4), 1, 3);
        if (d.coin()) {
            OneNodeModel model = op("Concat", d.oneOf(4, 11, 13)).with("axis", at);
            for (int size : sizes) {
                model.input(d.normal(Dims.with(dims, at, size)));
            }
            return model;
        }
        int opset = d.oneOf(2, 11, 13, 18);
        int total = IntStream.of(sizes).sum();
        OneNodeModel model =
                op("Split", opset).input(d.normal(Dims.with(dims, at, total))).with("axis", opset < 11 ? at : axis);
        if (opset >= 18 && d.coin()) {
            int parts = d.between(1, Math.min(3, total));
            int size = (total + parts - 1) / parts;
            // The last part may be smaller, but not empty.
            int filled = (total + size - 1) / size;
            return model.with("num_outputs", filled).outputs(filled);
        }
        if (opset < 13) {
            model.with("split", sizes);
        } else {
            model.input(Value.vector(sizes));
        }
        return model.outputs(sizes.length);
    }
}
