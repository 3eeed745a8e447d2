package io.squisher.onnx.training.graph;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.normalization.BatchNormalizationRule;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/**
 * Gradient of BatchNormalization with the batch's own statistics, {@code Y = γ Z + β}, {@code Z = r (X − mean)}: with means over
 * the batch and the positions of a channel, {@code dX = γ r (dY − mean(dY) − Z mean(dY Z))}, {@code dγ = Σ dY Z},
 * {@code dβ = Σ dY} (Ioffe and Szegedy 2015). In inference mode as the standard rule.
 */
final class BatchStatisticsRule implements GradientRule {
    private static final BatchNormalizationRule INFERENCE = new BatchNormalizationRule();

    @Override
    public Gradients apply(RuleContext c) {
        if (c.attributes().integer("training_mode", 0) == 0) {
            return INFERENCE.apply(c);
        }
        Ops ops = c.ops();
        Value normalized = c.values().value(BatchStatistics.normalized(c.node()));
        Value deviation = c.values().value(BatchStatistics.deviation(c.node()));
        Value product = ops.mul(c.dy(), normalized);
        int[] axes = BatchStatistics.axes(c.dy().rank());
        Value dx = null;
        if (c.wants(0)) {
            Value scale = ops.reshape(c.x(1), BatchStatistics.perChannel(c.x(0).shape()));
            Value mean = ops.reduce("ReduceMean", c.dy(), true, axes);
            Value projection = ops.reduce("ReduceMean", product, true, axes);
            Value inner = ops.sub(ops.sub(c.dy(), mean), ops.mul(normalized, projection));
            dx = ops.mul(inner, ops.mul(scale, deviation));
        }
        Value dScale = c.wants(1) ? ops.reduceSum(product, false, axes) : null;
        Value dShift = c.wants(2) ? ops.reduceSum(c.dy(), false, axes) : null;
        return Gradients.of(dx, dScale, dShift);
    }
}
