package io.squisher.onnx.autodiff.rules.linear;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient of Det: {@code dX = dY · cof(X)}, the cofactors being signed determinants of what is left without a row and a
 * column; right for singular matrices too.
 */
public final class DetRule implements GradientRule {
    /** All minors of a matrix have n⁴ elements. */
    private static final int LARGEST = 16;

    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        int n = Math.toIntExact(x.size(x.rank() - 1));
        if (n > LARGEST) {
            throw c.refuse("is of matrices larger than " + LARGEST + " × " + LARGEST);
        }
        List<Dim> batch = new ArrayList<>(x.dims().subList(0, x.rank() - 2));
        Value dy = ops.reshape(c.dy(), shape(batch, 1, 1));
        if (n == 1) {
            return Gradients.of(dy);
        }
        Value elements = ops.reshape(c.x(0), shape(batch, (long) n * n));
        long each = (long) (n - 1) * (n - 1);
        Value picked = ops.emitter()
                .node(
                        "Gather",
                        shape(batch, n * n * each),
                        Attributes.NONE.with("axis", batch.size()),
                        elements,
                        ops.integers(minors(n)));
        Value matrices = ops.reshape(picked, shape(batch, (long) n * n, n - 1, n - 1));
        Value minors = ops.emitter().node("Det", shape(batch, (long) n * n), Attributes.NONE, matrices);
        Value cofactors = ops.mul(ops.reshape(minors, x), ops.emitter().constant(signs(n)));
        return Gradients.of(ops.mul(dy, cofactors));
    }

    private static TensorShape shape(List<Dim> batch, long... dims) {
        List<Dim> all = new ArrayList<>(batch);
        Arrays.stream(dims).mapToObj(Dim::of).forEach(all::add);
        return new TensorShape(all);
    }

    /** For each element of an n × n matrix the elements of its minor. */
    private static long[] minors(int n) {
        long[] elements = new long[n * n * (n - 1) * (n - 1)];
        int at = 0;
        for (int minor = 0; minor < n * n; minor++) {
            for (int element = 0; element < n * n; element++) {
                if (element / n != minor / n && element % n != minor % n) {
                    elements[at++] = element;
                }
            }
        }
        return elements;
    }

    private static Tensor signs(int n) {
        float[] signs = new float[n * n];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (i / n + i % n) % 2 == 0 ? 1 : -1;
        }
        return Tensor.of(Shape.of(n, n), signs);
    }
}
