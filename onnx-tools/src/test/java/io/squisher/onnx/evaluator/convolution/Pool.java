package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/** Max, average and Lp pooling, over windows or over the whole plane. */
final class Pool {
    private Pool() {}

    /** The largest element of each window and, on request, where in the whole input it stands. */
    static List<Value> max(OperatorCall call) {
        Value x = call.input(0);
        Window window = window(call, x);
        int[] dims = pooledDims(x, window);
        int[] best = new int[Dims.size(dims)];
        for (int i = 0; i < best.length; i++) {
            best[i] = largest(x, i / window.cells().length * plane(x), window.cells()[i % window.cells().length]);
        }
        long[] indices = Arrays.stream(best)
                .mapToLong(at -> call.flag("storage_order", false) ? columnMajor(at, x) : at)
                .toArray();
        return List.of(x.gathered(dims, best), Value.of(ElementType.I64, dims, indices));
    }

    private static int largest(Value x, int base, int[] cells) {
        int winner = -1;
        for (int cell : cells) {
            if (cell >= 0 && (winner < 0 || x.doubleAt(base + cell) > x.doubleAt(winner))) {
                winner = base + cell;
            }
        }
        return winner;
    }

    /** The mean of each window; the padding counts as zeros on request, otherwise not at all. */
    static Value average(OperatorCall call) {
        Value x = call.input(0);
        boolean countPadding = call.flag("count_include_pad", false);
        return pooled(x, window(call, x), (base, cells) -> {
            double sum = 0;
            int count = 0;
            for (int cell : cells) {
                sum += cell >= 0 ? x.doubleAt(base + cell) : 0;
                count += cell >= 0 || countPadding && cell == Window.PADDING ? 1 : 0;
            }
            return sum / count;
        });
    }

    /** (Σ |x|^p)^(1/p) of each window. */
    static Value lp(OperatorCall call) {
        Value x = call.input(0);
        double p = call.opset() < 2 ? call.real("p", 2) : call.integer("p", 2);
        return pooled(x, window(call, x), (base, cells) -> {
            double sum = 0;
            for (int cell : cells) {
                sum += cell >= 0 ? Math.pow(Math.abs(x.doubleAt(base + cell)), p) : 0;
            }
            return Math.pow(sum, 1 / p);
        });
    }

    private static Window window(OperatorCall call, Value x) {
        int[] input = Arrays.copyOfRange(x.dims(), 2, x.rank());
        int[] kernel = call.ints("kernel_shape");
        return Window.Geometry.of(call, kernel, input).over(input, call.flag("ceil_mode", false));
    }

    private static int plane(Value x) {
        return Dims.size(x.dims(), 2, x.rank());
    }

    /** f of each plane's first position and the window's cells in it. */
    private static Value pooled(Value x, Window window, ToDoubleBiFunction<Integer, int[]> f) {
        int outputs = window.cells().length;
        int[] dims = pooledDims(x, window);
        double[] y = new double[Dims.size(dims)];
        for (int i = 0; i < y.length; i++) {
            y[i] = f.applyAsDouble(i / outputs * plane(x), window.cells()[i % outputs]);
        }
        return Value.of(x.type(), dims, y);
    }

    private static int[] pooledDims(Value x, Window window) {
        return Dims.concat(Arrays.copyOf(x.dims(), 2), window.outputDims());
    }

    /** The same element's position where the spatial axes are stored in the opposite order. */
    private static long columnMajor(int at, Value x) {
        int[] spatial = Arrays.copyOfRange(x.dims(), 2, x.rank());
        int plane = Dims.size(spatial);
        int[] index = Dims.unravel(at % plane, spatial);
        long flat = 0;
        for (int axis = spatial.length - 1; axis >= 0; axis--) {
            flat = flat * spatial[axis] + index[axis];
        }
        return at / plane * (long) plane + flat;
    }
}
