package io.squisher.report.sensitivity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Means of a matrix over a grid of at most so many cells a side, gathered as its elements come in order. */
final class CellMeans {
    /** Codes of a cell: 0 stands for zero, 1 to this for the range of logarithms. */
    private static final int MOST = 255;

    private final long columns;
    private final int cellRows;
    private final int cellColumns;
    private final int[] cellOfColumn;
    private final double[] sums;
    private final long[] counts;
    private long row;
    private long column;
    private int rowOffset;
    private final long rows;

    CellMeans(long rows, long columns, int side) {
        this.rows = rows;
        this.columns = columns;
        this.cellRows = (int) Math.min(rows, side);
        this.cellColumns = (int) Math.min(columns, side);
        this.cellOfColumn = new int[Math.toIntExact(columns)];
        for (int i = 0; i < cellOfColumn.length; i++) {
            cellOfColumn[i] = (int) ((long) i * cellColumns / columns);
        }
        this.sums = new double[cellRows * cellColumns];
        this.counts = new long[sums.length];
    }

    void add(double... values) {
        add(values, values.length);
    }

    void add(double[] values, int count) {
        for (int i = 0; i < count; i++) {
            int cell = rowOffset + cellOfColumn[(int) column];
            sums[cell] += values[i];
            counts[cell]++;
            if (++column == columns) {
                column = 0;
                row++;
                rowOffset = (int) (row * cellRows / rows) * cellColumns;
            }
        }
    }

    /** The grid, with the means as codes of their logarithms. */
    HeatMap map() {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        double[] means = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            means[i] = sums[i] / counts[i];
            if (means[i] > 0) {
                low = Math.min(low, means[i]);
                high = Math.max(high, means[i]);
            }
        }
        double lowest = high > 0 ? Math.log10(low) : 0;
        double highest = high > 0 ? Math.log10(high) : 0;
        double span = Math.max(highest - lowest, Double.MIN_NORMAL);
        byte[] codes = new byte[means.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = means[i] > 0 ? (byte) (1 + Math.round((MOST - 1) * (Math.log10(means[i]) - lowest) / span)) : 0;
        }
        String text = new String(Base64.getEncoder().encode(codes), StandardCharsets.ISO_8859_1);
        return new HeatMap(rows, columns, cellRows, cellColumns, lowest, highest, text);
    }
}
