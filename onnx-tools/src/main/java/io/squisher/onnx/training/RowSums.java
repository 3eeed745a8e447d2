package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** The gradient of a table of which a batch looks up few rows: the sum for each of those. */
final class RowSums {
    private final int rows;
    private final int width;
    /** By row, its place among the sums, or -1. */
    private final int[] places;

    private int[] present = new int[64];
    private int count;
    private float[] sums = new float[0];
    private final float[] row;

    RowSums(int rows, int width) {
        this.rows = rows;
        this.width = width;
        this.places = new int[rows];
        this.row = new float[width];
        Arrays.fill(places, -1);
    }

    void clear() {
        for (int i = 0; i < count; i++) {
            places[present[i]] = -1;
        }
        Arrays.fill(sums, 0, count * width, 0);
        count = 0;
    }

    /**
     * Adds gradients.
     *
     * @param indices {@code [N, tokens]}; negative ones count from the end
     * @param gradients {@code [N, tokens, width]}
     */
    void add(Tensor indices, Tensor gradients) {
        long[] looked = indices.toLongs();
        FloatBuffer values = gradients.toBytes().asFloatBuffer();
        for (int i = 0; i < looked.length; i++) {
            int at = place(looked[i]) * width;
            values.get(i * width, row, 0, width);
            for (int j = 0; j < width; j++) {
                sums[at + j] += row[j];
            }
        }
    }

    private int place(long index) {
        long given = index < 0 ? index + rows : index;
        if (given < 0 || given >= rows) {
            throw new SquisherException("a look-up of row " + index + " in a table of " + rows + " rows");
        }
        int at = places[(int) given];
        if (at < 0) {
            at = count++;
            places[(int) given] = at;
            if (count > present.length) {
                present = Arrays.copyOf(present, 2 * count);
            }
            present[at] = (int) given;
            if (count * width > sums.length) {
                sums = Arrays.copyOf(sums, Math.max(2 * count * width, 1024));
            }
        }
        return at;
    }

    /** How many rows have a gradient. */
    int count() {
        return count;
    }

    /** The number of the {@code i}-th of them. */
    int present(int i) {
        return present[i];
    }

    /** Copies the gradient of a row to {@code target}; zeros where it has none. */
    void copy(int index, float[] target) {
        int at = places[index];
        if (at < 0) {
            Arrays.fill(target, 0, width, 0);
        } else {
            System.arraycopy(sums, at * width, target, 0, width);
        }
    }

    int rows() {
        return rows;
    }

    int width() {
        return width;
    }
}
