package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;

/**
 * Gradient of DepthToSpace, its inverse: {@code [N, C, H·b, W·b]} to channels ordered (row in block, column in block, C) in
 * mode DCR, (C, row, column) in mode CRD.
 */
public final class DepthToSpaceRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        TensorShape x = c.x(0).shape();
        TensorShape y = c.y(0).shape();
        Dim block = Dim.of(c.attributes().integer("blocksize", 1));
        Value split = ops.reshape(c.dy(), TensorShape.of(y.dim(0), y.dim(1), x.dim(2), block, x.dim(3), block));
        boolean depthLast = c.attributes().string("mode", "DCR").equals("DCR");
        Value ordered = depthLast ? ops.transpose(split, 0, 3, 5, 1, 2, 4) : ops.transpose(split, 0, 1, 3, 5, 2, 4);
        return Gradients.of(ops.reshape(ordered, x));
    }
}
