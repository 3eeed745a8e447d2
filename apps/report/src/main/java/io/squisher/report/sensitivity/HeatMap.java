package io.squisher.report.sensitivity;

/**
 * A matrix as large as a screen.
 *
 * @param rows of the matrix: its first axis
 * @param columns of the matrix: its other axes as one
 * @param cellRows cells from top to bottom
 * @param cellColumns cells from left to right
 * @param low common logarithm of the lowest mean of a cell that is not 0
 * @param high of the highest
 * @param cells the cells row by row, a byte each, in base 64: 0 for 0, else 1 for {@code low} to 255 for {@code high}
 */
public record HeatMap(long rows, long columns, int cellRows, int cellColumns, double low, double high, String cells) {}
