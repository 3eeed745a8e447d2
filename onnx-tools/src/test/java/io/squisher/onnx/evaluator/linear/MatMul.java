package io.squisher.onnx.evaluator.linear;

import io.squisher.onnx.evaluator.Broadcast;
import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/** Matrix products as NumPy's matmul: stacks of matrices broadcast, vectors gain and lose an axis. */
public final class MatMul {
    private MatMul() {}

    static Value evaluate(OperatorCall call) {
        return of(call.input(0), call.input(1));
    }

    /** The product of two values. */
    public static Value of(Value a, Value b) {
        if (a.rank() == 1) {
            Value row = of(a.reshaped(1, a.size()), b);
            return row.reshaped(without(row.dims(), row.rank() - (b.rank() == 1 ? 1 : 2)));
        }
        if (b.rank() == 1) {
            Value column = of(a, b.reshaped(b.size(), 1));
            return column.reshaped(without(column.dims(), column.rank() - 1));
        }
        int rows = a.dim(-2);
        int inner = a.dim(-1);
        int columns = b.dim(-1);
        if (inner != b.dim(-2)) {
            throw new IllegalArgumentException("inner dimensions " + inner + " and " + b.dim(-2) + " differ");
        }
        int[] stack = Broadcast.dims(leading(a), leading(b));
        double[] left = a.broadcastTo(Dims.concat(stack, rows, inner)).doubles();
        double[] right = b.broadcastTo(Dims.concat(stack, inner, columns)).doubles();
        double[] product = new double[Dims.size(stack) * rows * columns];
        for (int matrix = 0; matrix < Dims.size(stack); matrix++) {
            for (int row = 0; row < rows; row++) {
                int to = (matrix * rows + row) * columns;
                for (int k = 0; k < inner; k++) {
                    double factor = left[(matrix * rows + row) * inner + k];
                    int from = (matrix * inner + k) * columns;
                    for (int column = 0; column < columns; column++) {
                        product[to + column] += factor * right[from + column];
                    }
                }
            }
        }
        return Value.of(a.type(), Dims.concat(stack, rows, columns), product);
    }

    /** The last two axes exchanged. */
    public static Value transposed(Value x) {
        int[] order = Dims.range(x.rank());
        order[x.rank() - 1] = x.rank() - 2;
        order[x.rank() - 2] = x.rank() - 1;
        return x.transposed(order);
    }

    private static int[] leading(Value x) {
        return Arrays.copyOf(x.dims(), x.rank() - 2);
    }

    private static int[] without(int[] dims, int axis) {
        return Dims.concat(Arrays.copyOf(dims, axis), Arrays.copyOfRange(dims, axis + 1, dims.length));
    }
}
