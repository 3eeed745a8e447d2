package io.squisher.onnx.fisher.likelihood;

import io.squisher.SquisherException;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import java.util.random.RandomGenerator;

/** Independent normal outputs: {@code ∂ log p(y) / ∂f = (y − f) / variance}, with expected square {@code 1 / variance}. */
public final class GaussianHead extends IndependentHead {
    private final double variance;

    public GaussianHead(TensorShape means, double variance) {
        super(means);
        if (!(variance > 0)) {
            throw new SquisherException("the variance " + variance + " is not positive");
        }
        this.variance = variance;
    }

    @Override
    Value derivative(Ops ops, Value output, Value labels) {
        return ops.scale(ops.sub(labels, output), 1 / variance);
    }

    @Override
    Value rootOfExpectedSquare(Ops ops, Value output) {
        return ops.scalar(1 / Math.sqrt(variance));
    }

    @Override
    String problemWith(double label) {
        return Double.isFinite(label) ? null : "the likelihood gaussian takes finite numbers";
    }

    @Override
    double draw(double output, RandomGenerator generator) {
        return output + Math.sqrt(variance) * generator.nextGaussian();
    }
}
