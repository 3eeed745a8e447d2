package io.squisher.onnx.training.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead.Fed;
import io.squisher.proto.onnx.TensorProto.DataType;

/**
 * Outputs with a label each: {@code ½ (y − f)² / variance}, without the constant of the normal distribution, or
 * {@code softplus(z) − y z} of yes/no logits.
 */
record IndependentObjective(Likelihood likelihood, LikelihoodHead head) implements Objective {
    @Override
    public Value gradient(Ops ops, Value output, Fed fed) {
        return head.labelGradient(ops, output, fed);
    }

    @Override
    public Value loss(Ops ops, Value output, Fed fed) {
        return Objective.total(ops, ops.mul(logLikelihood(ops, output, fed.labels()), fed.mask()));
    }

    private Value logLikelihood(Ops ops, Value output, Value labels) {
        if (likelihood instanceof Likelihood.Gaussian gaussian) {
            return ops.scale(ops.square(ops.sub(labels, output)), -0.5 / gaussian.variance());
        }
        // y z − max(z, 0) − log(1 + exp(−|z|))
        Value negative = ops.unary("Neg", ops.unary("Abs", output));
        Value tail = ops.unary("Log", ops.add(ops.scalar(1), ops.unary("Exp", negative)));
        return ops.sub(ops.sub(ops.mul(labels, output), ops.unary("Relu", output)), tail);
    }

    @Override
    public Value hits(Ops ops, Value output, Fed fed) {
        Value each;
        if (likelihood instanceof Likelihood.Gaussian) {
            each = ops.square(ops.sub(fed.labels(), output));
        } else {
            Value yes = ops.cast(ops.greater(output, ops.scalar(0)), DataType.FLOAT_VALUE);
            Value label = ops.cast(ops.greater(fed.labels(), ops.scalar(0.5)), DataType.FLOAT_VALUE);
            each = ops.cast(ops.equal(yes, label), DataType.FLOAT_VALUE);
        }
        return Objective.total(ops, ops.mul(each, Objective.counting(ops, fed)));
    }
}
