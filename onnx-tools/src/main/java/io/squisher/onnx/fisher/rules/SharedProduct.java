package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gradients that are a product of matrices for each example, {@code G_n = A_nᵀ B_n}, summed over S shared positions.
 *
 * <p>Without a shared axis (S = 1) the gradient is an outer product, whose squares are the outer product of the squares:
 * {@code Σ_n G_n² = (A²)ᵀ B²}, one product of matrices and no gradient of any example in memory. With one, every
 * example's gradient is needed, but not all rows of it at once: rows are taken in tiles that stay near to the processor,
 * so that memory does not grow with batch times parameter.
 *
 * @param left {@code [N, group, S, rows]}, or {@code [N, group, rows, S]} where {@code rowsFirst}
 * @param right {@code [N, group, S, columns]}
 * @param rowsFirst how {@code left} is laid out
 */
record SharedProduct(Value left, Value right, boolean rowsFirst) implements ExampleGradient {
    private static final long TILE_BYTES = 8L << 20;
    private static final int GROUP = 1;

    /** Up to so many shared positions a product over their pairs is quicker than a gradient for each example. */
    private static final int FEW_POSITIONS = 4;

    @Override
    public String path() {
        if (positions() == 1) {
            return "product of squares";
        }
        return takesPairs() ? "product of pairs of positions" : "per-example product";
    }

    private long positions() {
        return right.shape().size(2);
    }

    private int rowAxis() {
        return rowsFirst ? 2 : 3;
    }

    /** {@code [N, group, rows, columns]}. */
    @Override
    public Value perExample(Ops ops) {
        return product(ops, left);
    }

    private Value product(Ops ops, Value rows) {
        return ops.matMul(rowsFirst ? rows : ops.transposeLastTwo(rows), right);
    }

    /** {@code Σ_n G_n²}: {@code [group, rows, columns]}. */
    @Override
    public Value sumOfSquares(Ops ops, int batch) {
        if (positions() == 1) {
            return productOfSquares(ops);
        }
        return takesPairs() ? productOfPairs(ops) : tiled(ops, batch);
    }

    private boolean takesPairs() {
        return positions() <= FEW_POSITIONS && left.shape().size(GROUP) == 1;
    }

    /**
     * {@code Σ_n (Σ_s a_s b_s)² = Σ_n Σ_{s ≤ t} m_st (a_s a_t)(b_s b_t)} with m = 1 for s = t and 2 otherwise: one product of
     * matrices with S(S+1)/2 rows for each example. Rounding can leave a sum that cancels slightly below 0.
     */
    private Value productOfPairs(Ops ops) {
        long rows = left.shape().size(rowAxis());
        long columns = right.shape().size(3);
        Value a = ops.reshape(
                left,
                rowsFirst ? TensorShape.perExample(rows, positions()) : TensorShape.perExample(positions(), rows));
        Value b = ops.reshape(right, TensorShape.perExample(positions(), columns));
        Value product = ops.gemm(
                pairs(ops, rowsFirst ? ops.transpose(a, 0, 2, 1) : a, true), true, pairs(ops, b, false), false);
        return ops.reshape(ops.unary("Relu", product), TensorShape.fixed(1, rows, columns));
    }

    /** The products of the positions' values by pairs, {@code [N·S(S+1)/2, width]}, unequal ones doubled where said. */
    private Value pairs(Ops ops, Value x, boolean doubled) {
        int positions = (int) positions();
        int count = positions * (positions + 1) / 2;
        long[] first = new long[count];
        long[] second = new long[count];
        float[] multiplicity = new float[count];
        for (int s = 0, at = 0; s < positions; s++) {
            for (int t = s; t < positions; t++, at++) {
                first[at] = s;
                second[at] = t;
                multiplicity[at] = s == t ? 1 : 2;
            }
        }
        Value product = ops.mul(ops.gather(x, 1, first), ops.gather(x, 1, second));
        if (doubled) {
            product = ops.mul(product, ops.emitter().constant(Tensor.of(Shape.of(count, 1), multiplicity)));
        }
        return ops.reshape(
                product, TensorShape.of(new Dim(1, count, true), product.shape().dim(2)));
    }

    private Value productOfSquares(Ops ops) {
        long groups = left.shape().size(GROUP);
        long rows = left.shape().size(rowAxis());
        long columns = right.shape().size(3);
        if (groups == 1) {
            Value a = ops.reshape(left, TensorShape.perExample(rows));
            Value b = ops.reshape(right, TensorShape.perExample(columns));
            Value product = ops.gemm(ops.square(a), true, ops.square(b), false);
            return ops.reshape(product, TensorShape.fixed(1, rows, columns));
        }
        Value a = ops.transpose(ops.reshape(left, TensorShape.perExample(groups, rows)), 1, 2, 0);
        Value b = ops.transpose(ops.reshape(right, TensorShape.perExample(groups, columns)), 1, 0, 2);
        return ops.matMul(ops.square(a), ops.square(b));
    }

    private Value tiled(Ops ops, int batch) {
        long[] sizes = tiles(batch);
        if (sizes.length <= 1) {
            return ops.sumOverExamples(ops.square(perExample(ops)));
        }
        List<Value> sums = new ArrayList<>();
        for (Value part : ops.split(left, rowAxis(), sizes)) {
            sums.add(ops.sumOverExamples(ops.square(product(ops, part))));
        }
        return ops.concat(1, sums);
    }

    /** How many rows are taken at once. */
    private long[] tiles(int batch) {
        long rows = left.shape().size(rowAxis());
        long rowBytes = 4L * batch * left.shape().size(GROUP) * right.shape().size(3);
        long tiles = Math.min(rows, (rows * rowBytes + TILE_BYTES - 1) / TILE_BYTES);
        long[] sizes = new long[(int) Math.max(1, tiles)];
        Arrays.setAll(sizes, tile -> rows * (tile + 1) / sizes.length - rows * tile / sizes.length);
        return sizes;
    }

    /** Weights in the order {@code [group, rows, columns]}. */
    @Override
    public Value weightedNorms(Ops ops, Optional<Value> weights, int batch) {
        long groups = left.shape().size(GROUP);
        long rows = left.shape().size(rowAxis());
        long columns = right.shape().size(3);
        if (positions() == 1 && groups == 1) {
            return normsOfOuterProducts(ops, weights.map(w -> ops.reshape(w, TensorShape.fixed(rows, columns))));
        }
        Optional<Value> grouped = weights.map(w -> ops.reshape(w, TensorShape.fixed(groups, rows, columns)));
        long[] sizes = tiles(batch);
        if (sizes.length == 1) {
            return WeightedNorms.of(ops, perExample(ops), grouped);
        }
        List<Value> parts = ops.split(left, rowAxis(), sizes);
        Optional<List<Value>> parted = grouped.map(w -> ops.split(w, 1, sizes));
        List<Value> norms = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            int part = i;
            norms.add(WeightedNorms.of(ops, product(ops, parts.get(i)), parted.map(w -> w.get(part))));
        }
        return norms.stream().reduce(ops::add).orElseThrow();
    }

    /** {@code Σ_ij w_ij a_i² b_j²} is {@code (a² W) · b²}: no gradient is needed. */
    private Value normsOfOuterProducts(Ops ops, Optional<Value> weights) {
        Value a =
                ops.square(ops.reshape(left, TensorShape.perExample(left.shape().size(rowAxis()))));
        Value b = ops.square(
                ops.reshape(right, TensorShape.perExample(right.shape().size(3))));
        return weights.map(w -> ops.reduceSum(ops.mul(ops.gemm(a, false, w, false), b), false, 1))
                .orElseGet(() -> ops.mul(ops.reduceSum(a, false, 1), ops.reduceSum(b, false, 1)));
    }
}
