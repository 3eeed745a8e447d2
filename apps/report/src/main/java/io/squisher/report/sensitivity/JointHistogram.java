package io.squisher.report.sensitivity;

import java.util.ArrayList;
import java.util.List;

/** Counts of pairs of positive numbers in cells of half an octave each way: a scatter plot that is as large as a screen. */
public final class JointHistogram {
    /** Sign, exponent and the first bit of the fraction are left of a double. */
    private static final int DROPPED_BITS = 51;

    private static final int LOWEST = bin(Math.scalb(1.0, -180));
    private static final int BINS = bin(Math.scalb(1.0, 60)) - LOWEST;

    private final int[][] counts = new int[BINS][];
    private long outside;

    private static int bin(double value) {
        return (int) (Double.doubleToRawLongBits(value) >>> DROPPED_BITS);
    }

    /** Adds a pair; pairs with a zero have no place on logarithmic axes. */
    public void add(double a, double b) {
        int x = bin(a) - LOWEST;
        int y = bin(b) - LOWEST;
        if (a <= 0 || b <= 0 || x < 0 || y < 0 || x >= BINS || y >= BINS) {
            outside++;
            return;
        }
        if (counts[x] == null) {
            counts[x] = new int[BINS];
        }
        counts[x][y]++;
    }

    /** Pairs that are not shown, since one is 0 or below 2⁻¹⁸⁰. */
    public long outside() {
        return outside;
    }

    /**
     * A cell that holds something.
     *
     * @param x common logarithm of its middle
     * @param y common logarithm of its middle
     */
    public record Cell(double x, double y, long count) {}

    /** How wide a cell is in decades. */
    public double step(int side) {
        return bounds().step(side) * Math.log10(2) / 2;
    }

    /** The bins that hold something. */
    private record Bounds(int lowX, int highX, int lowY, int highY) {
        int step(int side) {
            return Math.max(1, (Math.max(highX - lowX, highY - lowY) + side) / side);
        }
    }

    private Bounds bounds() {
        int lowX = BINS;
        int highX = 0;
        int lowY = BINS;
        int highY = 0;
        for (int x = 0; x < BINS; x++) {
            for (int y = 0; counts[x] != null && y < BINS; y++) {
                if (counts[x][y] > 0) {
                    lowX = Math.min(lowX, x);
                    highX = Math.max(highX, x);
                    lowY = Math.min(lowY, y);
                    highY = Math.max(highY, y);
                }
            }
        }
        return new Bounds(lowX, highX, lowY, highY);
    }

    /** All cells that hold something, joined to at most {@code side} each way. */
    public List<Cell> cells(int side) {
        Bounds bounds = bounds();
        int step = bounds.step(side);
        List<Cell> cells = new ArrayList<>();
        for (int x = bounds.lowX(); x <= bounds.highX(); x += step) {
            for (int y = bounds.lowY(); y <= bounds.highY(); y += step) {
                long sum = sum(x, y, step);
                if (sum > 0) {
                    cells.add(new Cell(middle(x, step), middle(y, step), sum));
                }
            }
        }
        return cells;
    }

    private long sum(int x, int y, int step) {
        long sum = 0;
        for (int i = x; i < Math.min(BINS, x + step); i++) {
            for (int j = y; counts[i] != null && j < Math.min(BINS, y + step); j++) {
                sum += counts[i][j];
            }
        }
        return sum;
    }

    private static double middle(int bin, int step) {
        double low = Math.log10(Double.longBitsToDouble((long) (bin + LOWEST) << DROPPED_BITS));
        double high = Math.log10(Double.longBitsToDouble((long) (bin + step + LOWEST) << DROPPED_BITS));
        return (low + high) / 2;
    }
}
