package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Pads at both ends of each axis, negative ones cut; modes constant, edge, reflect, wrap (opset 19). */
final class Pad {
    private Pad() {}

    static Value evaluate(OperatorCall call) {
        Value data = call.input(0);
        int[] pads = call.opset() < 11
                ? call.ints("pads", call.ints("paddings"))
                : call.input(1).ints();
        int[] axes = call.optional(3).map(Value::ints).orElse(Dims.range(data.rank()));
        String mode = call.text("mode", "constant");
        int[][] positions = Dims.allPositions(data.dims());
        int[] dims = data.dims();
        for (int i = 0; i < axes.length; i++) {
            int axis = Dims.axis(axes[i], data.rank());
            positions[axis] = along(mode, dims[axis], pads[i], pads[i + axes.length]);
        }
        int[] newDims = Arrays.stream(positions).mapToInt(p -> p.length).toArray();
        int[] sources = Dims.sources(positions, Dims.strides(dims));
        Value fill = call.opset() < 11
                ? Value.scalar(call.real("value", 0))
                : call.optional(2).filter(value -> value.size() > 0).orElse(Value.scalar(0));
        return filled(data.gathered(newDims, sources), sources, fill);
    }

    /** The source position of each padded position; -1 outside in constant mode. */
    private static int[] along(String mode, int dim, int before, int after) {
        return IntStream.range(-before, dim + after)
                .map(i -> switch (mode) {
                    case "constant" -> i < 0 || i >= dim ? -1 : i;
                    case "edge" -> Math.max(0, Math.min(dim - 1, i));
                    case "reflect" -> reflect(i, dim);
                    case "wrap" -> Math.floorMod(i, dim);
                    default -> throw new IllegalArgumentException("mode " + mode);
                })
                .toArray();
    }

    /** Reflection about the first and the last element, which are not repeated. */
    private static int reflect(int i, int dim) {
        if (dim == 1) {
            return 0;
        }
        int within = Math.floorMod(i, 2 * dim - 2);
        return within < dim ? within : 2 * dim - 2 - within;
    }

    private static Value filled(Value padded, int[] sources, Value fill) {
        if (padded.isFloating()) {
            double[] values = padded.doubles().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = sources[i] < 0 ? fill.doubleAt(0) : values[i];
            }
            return Value.of(padded.type(), padded.dims(), values);
        }
        long[] values = padded.longs().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = sources[i] < 0 ? fill.longAt(0) : values[i];
        }
        return Value.of(padded.type(), padded.dims(), values);
    }
}
