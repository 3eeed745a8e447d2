package io.squisher.onnx.training.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead.Fed;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Axes;
import io.squisher.proto.onnx.TensorProto.DataType;

/**
 * Softmax cross-entropy. With label smoothing ε the target of K classes is {@code (1 − ε) e_y + ε/K} (Szegedy et al. 2016).
 *
 * @param axis of the classes, negative from the end
 * @param smoothing ε, from 0 to below 1
 */
record CategoricalObjective(LikelihoodHead head, int axis, double smoothing) implements Objective {
    @Override
    public Value gradient(Ops ops, Value output, Fed fed) {
        Value sharp = head.labelGradient(ops, output, fed);
        if (smoothing == 0) {
            return sharp;
        }
        Value logits = last(ops, output);
        Value p = ops.emitter().node("Softmax", logits.shape(), Attributes.NONE.with("axis", -1L), logits);
        Value even = ops.sub(ops.scalar(1.0 / classes(logits)), p);
        Value weighted = ops.mul(even, ops.unsqueeze(fed.mask(), fed.mask().rank()));
        Value back = ops.moveAxis(weighted, output.rank() - 1, Axes.fromFirst(axis, output.rank()));
        return ops.add(ops.scale(sharp, 1 - smoothing), ops.scale(back, smoothing));
    }

    @Override
    public Value loss(Ops ops, Value output, Fed fed) {
        Value logits = last(ops, output);
        int classAxis = logits.rank() - 1;
        Value largest = ops.reduce("ReduceMax", logits, true, classAxis);
        Value shifted = ops.sub(logits, largest);
        Value sum = ops.reduceSum(ops.unary("Exp", shifted), false, classAxis);
        Value oneHot = ops.emitter()
                .node(
                        "OneHot",
                        logits.shape(),
                        Attributes.NONE.with("axis", -1L),
                        fed.labels(),
                        ops.integer(classes(logits)),
                        ops.floats(0, 1));
        // Where, not a product: 0 times an infinite logit is no number.
        Value chosen = ops.where(ops.greater(oneHot, ops.scalar(0)), shifted, ops.scalar(0));
        Value ofLabel = ops.reduceSum(chosen, false, classAxis);
        if (smoothing > 0) {
            Value mean = ops.reduce("ReduceMean", shifted, false, classAxis);
            ofLabel = ops.add(ops.scale(ofLabel, 1 - smoothing), ops.scale(mean, smoothing));
        }
        return Objective.total(ops, ops.mul(ops.sub(ofLabel, ops.unary("Log", sum)), fed.mask()));
    }

    @Override
    public Value hits(Ops ops, Value output, Fed fed) {
        Value logits = last(ops, output);
        Value best = ops.emitter()
                .node(
                        "ArgMax",
                        fed.labels().shape(),
                        Attributes.NONE.with("axis", -1L).with("keepdims", 0L),
                        logits);
        Value right = ops.cast(ops.equal(best, fed.labels()), DataType.FLOAT_VALUE);
        return Objective.total(ops, ops.mul(right, Objective.counting(ops, fed)));
    }

    private Value last(Ops ops, Value output) {
        return ops.moveAxis(output, Axes.fromFirst(axis, output.rank()), output.rank() - 1);
    }

    private static long classes(Value logits) {
        return logits.shape().size(logits.rank() - 1);
    }
}
