package io.squisher.onnx.evaluator.linear;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/** The determinant of each matrix, by elimination with pivots. */
final class Det {
    private Det() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int n = x.dim(-1);
        int[] stack = Arrays.copyOf(x.dims(), x.rank() - 2);
        double[] result = new double[x.size() / (n * n)];
        for (int matrix = 0; matrix < result.length; matrix++) {
            double[][] rows = new double[n][];
            for (int row = 0; row < n; row++) {
                int from = (matrix * n + row) * n;
                rows[row] = Arrays.copyOfRange(x.doubles(), from, from + n);
            }
            result[matrix] = determinant(rows);
        }
        return Value.of(x.type(), stack, result);
    }

    private static double determinant(double[][] rows) {
        double result = 1;
        for (int column = 0; column < rows.length; column++) {
            int pivot = column;
            for (int row = column + 1; row < rows.length; row++) {
                pivot = Math.abs(rows[row][column]) > Math.abs(rows[pivot][column]) ? row : pivot;
            }
            if (rows[pivot][column] == 0) {
                return 0;
            }
            double[] swapped = rows[pivot];
            rows[pivot] = rows[column];
            rows[column] = swapped;
            result *= pivot == column ? swapped[column] : -swapped[column];
            for (int row = column + 1; row < rows.length; row++) {
                double factor = rows[row][column] / swapped[column];
                for (int k = column; k < rows.length; k++) {
                    rows[row][k] -= factor * swapped[k];
                }
            }
        }
        return result;
    }
}
