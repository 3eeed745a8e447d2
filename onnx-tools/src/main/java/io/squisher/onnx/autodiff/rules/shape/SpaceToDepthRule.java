package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.graph.Attributes;

/** Gradient of SpaceToDepth: DepthToSpace, its inverse. */
public final class SpaceToDepthRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Attributes attributes = Attributes.NONE.with("blocksize", c.attributes().integer("blocksize", 1));
        return Gradients.of(c.ops().emitter().node("DepthToSpace", c.x(0).shape(), attributes, c.dy()));
    }
}
