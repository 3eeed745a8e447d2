package io.squisher.onnx.autodiff.rules.linear;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Products with a constant matrix along one axis: {@code Y[…,i,…] = Σ_j M[i,j] X[…,j,…]}. */
public final class AxisProduct {
    private AxisProduct() {}

    /**
     * @param matrix a row for each element of the result's axis
     * @return {@code x} with axis {@code axis} of size {@code matrix.length}
     */
    public static Value along(Ops ops, Value x, int axis, float[][] matrix) {
        List<Dim> dims = new ArrayList<>(x.shape().dims().subList(0, axis + 1));
        dims.add(merged(x.shape().dims().subList(axis + 1, x.rank())));
        Value columns = ops.reshape(x, new TensorShape(dims));
        Value product = ops.matMul(ops.emitter().constant(tensor(matrix)), columns);
        return ops.reshape(product, x.shape().with(axis, Dim.of(matrix.length)));
    }

    /** The matrix with rows and columns swapped. */
    public static float[][] transposed(float[][] matrix, int columns) {
        float[][] transposed = new float[columns][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < columns; j++) {
                transposed[j][i] = matrix[i][j];
            }
        }
        return transposed;
    }

    /** One axis in place of several neighbours. */
    public static Dim merged(List<Dim> dims) {
        long outer = 1;
        long inner = 1;
        boolean perExample = false;
        for (Dim dim : dims) {
            if (perExample) {
                inner *= dim.factor();
            } else {
                outer *= dim.outer();
                inner *= dim.inner();
                perExample = dim.perExample();
            }
        }
        return new Dim(outer, inner, perExample);
    }

    private static Tensor tensor(float[][] matrix) {
        int columns = matrix[0].length;
        float[] values = new float[Math.multiplyExact(matrix.length, columns)];
        for (int i = 0; i < matrix.length; i++) {
            System.arraycopy(matrix[i], 0, values, i * columns, columns);
        }
        return Tensor.of(Shape.of(matrix.length, columns), values);
    }
}
