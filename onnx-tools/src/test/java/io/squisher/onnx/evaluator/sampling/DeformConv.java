package io.squisher.onnx.evaluator.sampling;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/**
 * Y[n, m, o] = B[m] + Σ_{c, k} W[m, c, k] · mask[n, k, o] · X[n, c of m's group] at {@code o·stride - pad + k·dilation +
 * offset[n, k, o]}, between pixels linearly, outside 0. Offsets and mask are those of the channel's group of offsets.
 */
final class DeformConv {
    private final OperatorCall call;
    private final Value x;
    private final Value w;
    private final Value offsets;
    private final int offsetGroups;

    private DeformConv(OperatorCall call) {
        this.call = call;
        this.x = call.input(0);
        this.w = call.input(1);
        this.offsets = call.input(2);
        this.offsetGroups = call.integer("offset_group", 1);
    }

    static Value evaluate(OperatorCall call) {
        return new DeformConv(call).result();
    }

    private Value result() {
        int[] dims = {x.dim(0), w.dim(0), offsets.dim(2), offsets.dim(3)};
        double[] y = new double[Dims.size(dims)];
        for (int i = 0; i < y.length; i++) {
            y[i] = at(Dims.unravel(i, dims));
        }
        return Value.of(x.type(), dims, y);
    }

    private double at(int[] output) {
        int filter = output[1];
        int perGroup = w.dim(0) / call.integer("group", 1);
        double sum = call.optional(3).map(bias -> bias.doubleAt(filter)).orElse(0.0);
        for (int c = 0; c < w.dim(1); c++) {
            int channel = filter / perGroup * w.dim(1) + c;
            for (int tap = 0; tap < w.dim(2) * w.dim(3); tap++) {
                double weight = w.doubleAt((filter * w.dim(1) + c) * w.dim(2) * w.dim(3) + tap);
                sum += weight * sample(output, channel, tap);
            }
        }
        return sum;
    }

    private double sample(int[] output, int channel, int tap) {
        int n = output[0];
        int taps = w.dim(2) * w.dim(3);
        int place = channel / (x.dim(1) / offsetGroups) * taps + tap;
        double row = place(0, output[2], tap / w.dim(3)) + plane(offsets, n, 2 * place, output);
        double column = place(1, output[3], tap % w.dim(3)) + plane(offsets, n, 2 * place + 1, output);
        double factor =
                call.optional(4).map(mask -> plane(mask, n, place, output)).orElse(1.0);
        return factor * between(n * x.dim(1) + channel, row, column);
    }

    private int place(int axis, int output, int tap) {
        return output * call.ints("strides", new int[] {1, 1})[axis]
                - call.ints("pads", new int[4])[axis]
                + tap * call.ints("dilations", new int[] {1, 1})[axis];
    }

    /** The element of channel {@code channel} at the output's position. */
    private static double plane(Value value, int n, int channel, int[] output) {
        int[] index = {n, channel, output[2], output[3]};
        return value.doubleAt(Dims.ravel(index, Dims.strides(value.dims())));
    }

    private double between(int plane, double row, double column) {
        int top = (int) Math.floor(row);
        int left = (int) Math.floor(column);
        double sum = 0;
        for (int i = top; i <= top + 1; i++) {
            for (int j = left; j <= left + 1; j++) {
                if (i >= 0 && i < x.dim(2) && j >= 0 && j < x.dim(3)) {
                    double weight = (1 - Math.abs(row - i)) * (1 - Math.abs(column - j));
                    sum += weight * x.doubleAt((plane * x.dim(2) + i) * x.dim(3) + j);
                }
            }
        }
        return sum;
    }
}
