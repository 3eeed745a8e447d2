package io.squisher.onnx.autodiff.rules.indexing;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.List;

/** Gradient of OneHot with respect to its two values: the sums over where each stands. */
public final class OneHotRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        if (!c.wants(2)) {
            return Gradients.NONE;
        }
        Ops ops = c.ops();
        Value hot = ops.emitter().node("OneHot", c.y(0).shape(), c.attributes(), c.x(0), c.x(1), ops.floats(0, 1));
        Value dOn = ops.mul(c.dy(), hot);
        Value dOff = ops.sub(c.dy(), dOn);
        int last = c.dy().rank();
        return Gradients.of(null, null, ops.concat(last, List.of(ops.unsqueeze(dOff, last), ops.unsqueeze(dOn, last))));
    }
}
