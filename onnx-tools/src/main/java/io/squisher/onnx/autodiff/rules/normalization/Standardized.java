package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/**
 * A value less its mean and over its standard deviation, {@code Z = (X − mean) r} with {@code r = (var + ε)^-½} over some
 * axes, and the way back.
 */
record Standardized(Value z, Value reciprocal, int[] axes) {
    static Standardized of(Ops ops, Value x, double epsilon, int... axes) {
        Value centred = ops.sub(x, ops.reduce("ReduceMean", x, true, axes));
        Value variance = ops.reduce("ReduceMean", ops.square(centred), true, axes);
        Value reciprocal = ops.unary("Reciprocal", ops.unary("Sqrt", ops.add(variance, ops.scalar(epsilon))));
        return new Standardized(ops.mul(centred, reciprocal), reciprocal, axes);
    }

    /** From the gradient H at Z to that at X: {@code r (H − mean(H) − Z mean(H Z))}. */
    Value back(Ops ops, Value h) {
        Value mean = ops.reduce("ReduceMean", h, true, axes);
        Value projection = ops.reduce("ReduceMean", ops.mul(h, z), true, axes);
        return ops.mul(reciprocal, ops.sub(ops.sub(h, mean), ops.mul(z, projection)));
    }
}
