package io.squisher.onnx.autodiff.rules.convolution;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;

/** Gradient of GlobalAveragePool: the output's over the number of positions, at every position. */
public final class GlobalAveragePoolRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        TensorShape x = c.x(0).shape();
        long[] dims = x.dims().stream().mapToLong(Dim::factor).toArray();
        dims[0] = 1;
        dims[1] = 1;
        float[] shares = new float[Math.toIntExact(x.product(2, x.rank()))];
        Arrays.fill(shares, 1f / shares.length);
        // A product broadcasts several times faster than Expand repeats.
        return Gradients.of(c.ops().mul(c.dy(), c.ops().emitter().constant(Tensor.of(Shape.of(dims), shares))));
    }
}
