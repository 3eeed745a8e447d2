package io.squisher.onnx.fisher.likelihood;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import java.util.random.RandomGenerator;

/**
 * Independent yes/no outputs: {@code ∂ log p(y) / ∂z = y σ(−z) − (1−y) σ(z)}, which does not cancel for a sure example as
 * {@code y − σ(z)} does; its expected square is {@code σ(z) σ(−z)}.
 */
public final class BernoulliHead extends IndependentHead {
    public BernoulliHead(TensorShape logits) {
        super(logits);
    }

    @Override
    Value derivative(Ops ops, Value output, Value labels) {
        Value yes = ops.unary("Sigmoid", output);
        Value no = ops.unary("Sigmoid", ops.unary("Neg", output));
        return ops.sub(ops.mul(labels, no), ops.mul(ops.sub(ops.scalar(1), labels), yes));
    }

    @Override
    Value rootOfExpectedSquare(Ops ops, Value output) {
        Value yes = ops.unary("Sigmoid", output);
        Value no = ops.unary("Sigmoid", ops.unary("Neg", output));
        return ops.unary("Sqrt", ops.mul(yes, no));
    }

    @Override
    String problemWith(double label) {
        return label >= 0 && label <= 1 ? null : "the likelihood bernoulli takes 0 and 1";
    }

    @Override
    double draw(double output, RandomGenerator generator) {
        return generator.nextDouble() < 1 / (1 + Math.exp(-output)) ? 1 : 0;
    }
}
