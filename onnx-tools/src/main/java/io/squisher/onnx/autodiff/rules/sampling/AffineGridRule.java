package io.squisher.onnx.autodiff.rules.sampling;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Gradient of AffineGrid, {@code Y[n,p,k] = Σ_j θ[n,k,j] B[p,j]} with B the base grid's coordinates of position p and 1:
 * {@code dθ[n,k,j] = Σ_p dY[n,p,k] B[p,j]}.
 */
public final class AffineGridRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape y = c.y(0).shape();
        if (y.exampleAxis() != c.x(0).shape().exampleAxis()) {
            throw c.refuse("has a fixed size, which fixes the number of examples; export it with a computed size");
        }
        int axes = y.rank() - 2;
        long[] spatial = IntStream.range(1, axes + 1).mapToLong(y::size).toArray();
        boolean aligned = c.attributes().integer("align_corners", 0) != 0;
        Value rows = ops.reshape(c.dy(), TensorShape.of(y.dim(0), Dim.of(y.product(1, axes + 1)), Dim.of(axes)));
        Value base = ops.emitter().constant(base(spatial, aligned));
        return Gradients.of(ops.matMul(ops.transposeLastTwo(rows), base));
    }

    /** {@code [positions, axes + 1]}: coordinates of the last axis first, then 1. */
    private static Tensor base(long[] spatial, boolean aligned) {
        int axes = spatial.length;
        int positions = Math.toIntExact(Arrays.stream(spatial).reduce(1, (a, b) -> a * b));
        float[] base = new float[positions * (axes + 1)];
        for (int p = 0; p < positions; p++) {
            long rest = p;
            for (int k = 0; k < axes; k++) {
                long size = spatial[axes - 1 - k];
                long at = rest % size;
                rest /= size;
                base[p * (axes + 1) + k] =
                        (float) (aligned ? -1 + 2.0 * at / Math.max(1, size - 1) : (2.0 * at + 1) / size - 1);
            }
            base[p * (axes + 1) + axes] = 1;
        }
        return Tensor.of(Shape.of(positions, axes + 1), base);
    }
}
