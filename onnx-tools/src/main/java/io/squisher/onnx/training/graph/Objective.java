package io.squisher.onnx.training.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead.Fed;
import java.util.stream.IntStream;

/**
 * What is minimised: the negative log-likelihood of the labels, each weighted. The mask that is fed holds {@code -1/B} for a
 * label that counts in a batch of B examples, so that sums over it are the mean loss and its gradient, in the direction of
 * descent of the loss.
 */
public sealed interface Objective permits CategoricalObjective, IndependentObjective {
    /** The objective of a likelihood. */
    static Objective of(Likelihood likelihood, LikelihoodHead head, double smoothing) {
        if (likelihood instanceof Likelihood.Bernoulli || likelihood instanceof Likelihood.Gaussian) {
            return new IndependentObjective(likelihood, head);
        }
        int axis = likelihood instanceof Likelihood.Categorical categorical ? categorical.axis() : -1;
        return new CategoricalObjective(head, axis, smoothing);
    }

    /** The likelihood's end of the graph. */
    LikelihoodHead head();

    /** The gradient of the loss with respect to the model's output, of the output's shape. */
    Value gradient(Ops ops, Value output, Fed fed);

    /** The loss: a scalar. */
    Value loss(Ops ops, Value output, Fed fed);

    /** How many labels the output tells right, or for means the sum of squared errors: a scalar. */
    Value hits(Ops ops, Value output, Fed fed);

    /** The sum of all elements. */
    static Value total(Ops ops, Value x) {
        return ops.reduceSum(x, false, IntStream.range(0, x.rank()).toArray());
    }

    /** 1 where a label counts, 0 elsewhere. */
    static Value counting(Ops ops, Fed fed) {
        return ops.cast(ops.less(fed.mask(), ops.scalar(0)), io.squisher.proto.onnx.TensorProto.DataType.FLOAT_VALUE);
    }
}
