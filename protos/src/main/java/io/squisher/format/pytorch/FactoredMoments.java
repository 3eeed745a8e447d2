package io.squisher.format.pytorch;

import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.List;
import java.util.Map;

/**
 * Adafactor's second moments of a matrix (Shazeer and Stern 2018): averages over its rows, R, and over its columns, C. The optimizer
 * divides by the root of the rank-one diagonal V with V[i, j] = R[i]·C[j] / mean(R), and so that is what it estimates. Axes before
 * the last two number matrices.
 *
 * <p>Transformers and fairseq keep R and C as {@code exp_avg_sq_row} [..., r] and {@code exp_avg_sq_col} [..., c]; PyTorch as {@code row_var}
 * [..., r, 1] and {@code col_var} [..., 1, c], and takes a mean of at least eps₁ (the type's precision unless it is set).
 */
final class FactoredMoments {
    /** A few bytes of rows and columns make a large matrix; no parameter has so many elements. */
    private static final long MOST_ELEMENTS = 1L << 36;

    private final Tensor rows;
    private final Tensor columns;
    private final Shape shape;
    private final double smallestMean;
    private Values values;

    private record Values(double[] rows, double[] columns, double[] means) {}

    private FactoredMoments(Tensor rows, Tensor columns, Shape shape, double smallestMean) {
        this.rows = rows;
        this.columns = columns;
        this.shape = shape;
        this.smallestMean = smallestMean;
    }

    static boolean areIn(Map<?, ?> entry) {
        return entry.containsKey("row_var") || entry.containsKey("exp_avg_sq_row");
    }

    /**
     * The moments of one parameter.
     *
     * @param eps the setting of its group
     * @throws IllegalArgumentException if rows and columns do not fit each other
     */
    static FactoredMoments of(Map<?, ?> entry, Object eps) {
        boolean torch = entry.containsKey("row_var");
        Object rows = entry.get(torch ? "row_var" : "exp_avg_sq_row");
        Object columns = entry.get(torch ? "col_var" : "exp_avg_sq_col");
        if (!(rows instanceof TorchTensor r && columns instanceof TorchTensor c)
                || !r.type().isFloating()
                || !c.type().isFloating()) {
            throw new IllegalArgumentException("averages over rows or columns are missing");
        }
        Shape shape = torch ? joined(r.shape(), c.shape()) : joined(with(r.shape(), 1), inserted(c.shape()));
        if (shape.size() > MOST_ELEMENTS) {
            throw new IllegalArgumentException("a matrix of " + shape + " is too large for a parameter");
        }
        return new FactoredMoments(r, c, shape, torch ? smallest(eps, r.type()) : 0);
    }

    private static Shape with(Shape shape, long last) {
        long[] dims = java.util.Arrays.copyOf(shape.dims(), shape.rank() + 1);
        dims[shape.rank()] = last;
        return Shape.of(dims);
    }

    private static Shape inserted(Shape shape) {
        if (shape.rank() == 0) {
            throw new IllegalArgumentException("averages over columns are a single number");
        }
        long[] dims = with(shape, shape.dim(shape.rank() - 1)).dims();
        dims[shape.rank() - 1] = 1;
        return Shape.of(dims);
    }

    /** [..., r, 1] and [..., 1, c] make [..., r, c]. */
    private static Shape joined(Shape rows, Shape columns) {
        int rank = rows.rank();
        boolean fits = rank >= 2 && columns.rank() == rank && rows.dim(rank - 1) == 1 && columns.dim(rank - 2) == 1;
        for (int axis = 0; fits && axis < rank - 2; axis++) {
            fits = rows.dim(axis) == columns.dim(axis);
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "averages over rows " + rows + " and over columns " + columns + " are of no one matrix");
        }
        long[] dims = rows.dims();
        dims[rank - 1] = columns.dim(rank - 1);
        try {
            return Shape.of(dims);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a matrix of rows " + rows + " and columns " + columns, e);
        }
    }

    private static double smallest(Object eps, ElementType type) {
        List<Object> both = TorchConstructors.listOf(eps);
        if (!both.isEmpty() && both.get(0) instanceof Number given) {
            return given.doubleValue();
        }
        return switch (type) {
            case F64 -> Math.ulp(1.0);
            case F16 -> 0x1p-10;
            case BF16 -> 0x1p-7;
            default -> Math.ulp(1f);
        };
    }

    /** The diagonal. */
    Tensor diagonal() {
        long columnCount = shape.dim(shape.rank() - 1);
        long rowCount = shape.dim(shape.rank() - 2);
        TensorSpec spec = new TensorSpec(ElementType.F32, shape);
        return new ComputedTensor(spec, List.of(), (start, count, inputs, output) -> {
            Values read = values();
            for (int i = 0; i < count; i++) {
                long row = (start + i) / columnCount;
                long matrix = row / rowCount;
                double column = read.columns()[(int) (matrix * columnCount + (start + i) % columnCount)];
                output[i] = read.rows()[(int) row] * column / read.means()[(int) matrix];
            }
        });
    }

    private synchronized Values values() {
        if (values == null) {
            double[] all = rows.toDoubles();
            int rowCount = (int) shape.dim(shape.rank() - 2);
            double[] means = new double[all.length / Math.max(1, rowCount)];
            for (int i = 0; i < all.length; i++) {
                means[i / rowCount] += all[i] / rowCount;
            }
            for (int i = 0; i < means.length; i++) {
                means[i] = Math.max(means[i], smallestMean);
                // No gradient ever reached this matrix: 0 times 0, not 0 / 0.
                means[i] = means[i] == 0 ? 1 : means[i];
            }
            values = new Values(all, columns.toDoubles(), means);
        }
        return values;
    }
}
