package io.squisher.onnx.autodiff.rules.signal;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;

/**
 * Gradient of DFT, {@code y_k = s Σ_n x_n e^(∓2πi k n / N)} with s = 1, or 1/N in the inverse: the transform with the
 * conjugate factors, {@code dx_n = s Σ_k dy_k e^(±2πi k n / N)}, over those k that y has. Of a real x only the real part
 * counts; elements of x beyond N have no part in y.
 */
public final class DftRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        int axis = c.axis(c.has(2) ? c.integers(2, "axis")[0] : -2, x.rank());
        if (x.dim(axis).perExample()) {
            throw c.refuse("transforms along the axis of the examples, which mixes them");
        }
        long length = c.has(1) ? c.integers(1, "dft_length")[0] : x.size(axis);
        boolean inverse = c.attributes().integer("inverse", 0) != 0;

        Value full = conjugate(ops, c.dy(), axis, length, inverse);
        long kept = Math.min(length, x.size(axis));
        Value cut = kept < length ? ops.slice(full, axis, 0, kept, 1) : full;
        long[] behind = new long[x.rank()];
        behind[axis] = x.size(axis) - kept;
        return Gradients.of(ops.pad(parts(ops, cut, x.size(x.rank() - 1)), new long[x.rank()], behind));
    }

    /**
     * {@code s Σ_k dy_k e^(±2πi k n / N)} for all n below N.
     *
     * @param inverse whether dy is the gradient of an inverse transform
     */
    static Value conjugate(Ops ops, Value dy, int axis, long length, boolean inverse) {
        TensorShape shape = dy.shape().with(axis, Dim.of(length));
        Attributes attributes = Attributes.NONE.with("inverse", inverse ? 0L : 1L);
        Value turned = ops.emitter().node("DFT", shape, attributes, dy, ops.integer(length), ops.integer(axis));
        return ops.scale(turned, inverse ? 1.0 / length : length);
    }

    /** Real and imaginary part, or the real one alone where x has no other. */
    static Value parts(Ops ops, Value complex, long count) {
        int last = complex.rank() - 1;
        return count == 1 ? ops.slice(complex, last, 0, 1, 1) : complex;
    }
}
