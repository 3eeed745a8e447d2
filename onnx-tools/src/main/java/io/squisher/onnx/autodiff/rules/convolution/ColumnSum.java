package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The input's gradient of a convolution with many channels at few positions: one product of all examples' output gradients
 * with the weights, {@code dY[n·p, o] W[o, k·c]}, of which each input element then adds up those columns whose window holds
 * it. ConvTranspose reads all weights anew for each example, which costs more than the arithmetic where positions are few.
 */
final class ColumnSum {
    /** So many output channels for each position, and the product is quicker. */
    private static final long CHANNELS_PER_POSITION = 32;

    private final Windows windows;

    ColumnSum(Windows windows) {
        this.windows = windows;
    }

    /** Whether it is quicker than a ConvTranspose for {@code channels} output channels. */
    boolean pays(long channels) {
        return channels >= CHANNELS_PER_POSITION * windows.positions();
    }

    /**
     * The gradient.
     *
     * @param dy {@code [N, O, spatial…]}
     * @param w {@code [O, C, kernel…]}
     * @param x the shape of the gradient, {@code [N, C, spatial…]}
     */
    Value of(Ops ops, Value dy, Value w, TensorShape x) {
        long outputs = w.shape().size(0);
        long channels = w.shape().size(1);
        long positions = windows.positions();
        long kernel = windows.kernelSize();
        Value first = ops.reshape(dy, TensorShape.perExample(outputs, positions));
        Value rows = ops.reshape(
                ops.transpose(first, 0, 2, 1), TensorShape.of(new Dim(1, positions, true), Dim.of(outputs)));
        Value flat = ops.reshape(w, TensorShape.fixed(outputs, channels, kernel));
        Value weights = ops.reshape(ops.transpose(flat, 0, 2, 1), TensorShape.fixed(outputs, kernel * channels));
        Value columns = ops.reshape(
                ops.gemm(rows, false, weights, false), TensorShape.perExample(positions * kernel, channels));

        List<List<Long>> sources = sources(Math.toIntExact(x.product(2, x.rank())));
        int most = Math.max(1, sources.stream().mapToInt(List::size).max().orElse(1));
        Value withZero = ops.pad(columns, new long[] {0, 0, 0}, new long[] {0, 1, 0});
        Value gathered = ops.gather(withZero, 1, table(sources, most, positions * kernel));
        Value summed =
                ops.reduceSum(ops.reshape(gathered, TensorShape.perExample(sources.size(), most, channels)), false, 2);
        return ops.reshape(ops.transpose(summed, 0, 2, 1), x);
    }

    /** Input element by input element, the columns {@code p·K + k} that belong to it. */
    private List<List<Long>> sources(int elements) {
        List<List<Long>> sources = new ArrayList<>(IntStream.range(0, elements)
                .mapToObj(i -> (List<Long>) new ArrayList<Long>())
                .toList());
        long kernel = windows.kernelSize();
        for (long p = 0; p < windows.positions(); p++) {
            for (long k = 0; k < kernel; k++) {
                int element = windows.inputElement(p, k);
                if (element >= 0) {
                    sources.get(element).add(p * kernel + k);
                }
            }
        }
        return sources;
    }

    private static long[] table(List<List<Long>> sources, int most, long zero) {
        long[] table = new long[sources.size() * most];
        Arrays.fill(table, zero);
        for (int element = 0; element < sources.size(); element++) {
            for (int i = 0; i < sources.get(element).size(); i++) {
                table[element * most + i] = sources.get(element).get(i);
            }
        }
        return table;
    }
}
