package io.squisher.onnx.fisher;

import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Adds up squares of row gradients: within an example equal rows are summed first, then squared. */
final class RowSquares {
    private RowSquares() {}

    /**
     * Adds {@code factor · Σ_n g_n²}.
     *
     * @param sums the table {@code [rows, width]}
     * @param indices {@code [N, tokens]}, negative ones count from the end
     * @param gradients {@code [N, tokens, width]}
     */
    static void add(double[] sums, int rows, Tensor indices, Tensor gradients, double factor) {
        long[] index = indices.toLongs();
        int examples = (int) indices.shape().dim(0);
        int tokens = index.length / Math.max(1, examples);
        int width = (int) gradients.shape().dim(2);
        ByteBuffer values = gradients.toBytes().order(ByteOrder.LITTLE_ENDIAN);
        double[] row = new double[width];
        // Row number and token in one long, so that sorting brings the tokens of a row together.
        long[] order = new long[tokens];
        for (int n = 0; n < examples; n++) {
            for (int t = 0; t < tokens; t++) {
                long r = index[n * tokens + t];
                order[t] = (r < 0 ? r + rows : r) << 32 | t;
            }
            Arrays.sort(order);
            for (int t = 0; t < tokens; ) {
                long r = order[t] >>> 32;
                Arrays.fill(row, 0);
                for (; t < tokens && order[t] >>> 32 == r; t++) {
                    addRow(row, values, (n * tokens + (int) order[t]) * width);
                }
                int at = (int) (r * width);
                for (int i = 0; i < width; i++) {
                    sums[at + i] += row[i] * row[i] * factor;
                }
            }
        }
    }

    private static void addRow(double[] row, ByteBuffer values, int start) {
        for (int i = 0; i < row.length; i++) {
            row[i] += values.getFloat((start + i) * 4);
        }
    }
}
