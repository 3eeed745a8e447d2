package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.graph.TensorShape;

/** Gradient of CenterCropPad: zeros where it cropped, without what it padded. */
public final class CenterCropPadRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        TensorShape x = c.x(0).shape();
        TensorShape y = c.y(0).shape();
        long[] before = new long[x.rank()];
        long[] behind = new long[x.rank()];
        for (int axis = 0; axis < x.rank(); axis++) {
            if (!x.dim(axis).equals(y.dim(axis))) {
                if (x.dim(axis).perExample()) {
                    throw c.refuse("crops or pads the axis of the examples");
                }
                long cropped = x.size(axis) - y.size(axis);
                // Half of it before, rounded towards zero on both ways.
                before[axis] = cropped / 2;
                behind[axis] = cropped - before[axis];
            }
        }
        return Gradients.of(c.ops().pad(c.dy(), before, behind));
    }
}
