package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;

/**
 * Squares of row gradients inside a graph. Within an example the gradients of equal rows are added up, by a product with the
 * matrix that tells which tokens are equal; of each row the first token then carries the square.
 *
 * @param row the row of each token, from 0: {@code [N, tokens]}
 * @param squares the squares, 0 for all tokens of a row but the first: {@code [N, tokens, width]}
 */
public record EqualRows(Value row, Value squares) {
    /**
     * The squares of some row gradients.
     *
     * @param tableRows rows of the table: an index below 0 counts from its end
     */
    public static EqualRows of(Ops ops, RowGradient rows, long tableRows) {
        long tokens = rows.indices().shape().size(1);
        Value given = ops.cast(rows.indices(), DataType.INT64_VALUE);
        Value row = ops.where(ops.less(given, ops.integer(0)), ops.add(given, ops.integer(tableRows)), given);
        Value same = ops.cast(ops.equal(ops.unsqueeze(row, 2), ops.unsqueeze(row, 1)), DataType.FLOAT_VALUE);
        Value earlier = ops.reduceSum(ops.mul(same, before(ops, (int) tokens)), true, 2);
        Value first = ops.cast(ops.equal(earlier, ops.scalar(0)), DataType.FLOAT_VALUE);
        return new EqualRows(row, ops.mul(ops.square(ops.matMul(same, rows.gradients())), first));
    }

    /** {@code [T, T]}: 1 where the column's token comes before the row's. */
    private static Value before(Ops ops, int tokens) {
        float[] before = new float[tokens * tokens];
        for (int row = 0; row < tokens; row++) {
            for (int column = 0; column < row; column++) {
                before[row * tokens + column] = 1;
            }
        }
        return ops.emitter().constant(Tensor.of(Shape.of(tokens, tokens), before));
    }
}
