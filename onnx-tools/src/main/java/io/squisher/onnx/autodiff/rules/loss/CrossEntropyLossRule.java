package io.squisher.onnx.autodiff.rules.loss;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gradient of NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss: scores {@code S [N, C, d…]}, {@code L = −w_t S_t} for
 * each target t, kept, summed, or averaged by weight. With M one where a class is the target and g the gradient at each
 * target: {@code dS = −M w g}, {@code dw = −M (S + L) g}, the L there only for averages. Scores of the second are
 * logarithms of softmax: {@code dX = dS − softmax(X) Σ_C dS}.
 */
public final class CrossEntropyLossRule implements GradientRule {
    private final boolean softmax;

    /** Of logits, or of logarithms of probabilities. */
    public CrossEntropyLossRule(boolean softmax) {
        this.softmax = softmax;
    }

    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        String reduction = c.attributes().string("reduction", "mean");
        if (c.x(0).shape().hasExamples() && !reduction.equals("none")) {
            throw c.refuse("is reduced over the examples, which mixes them; take the model's output before the loss");
        }
        TensorShape shape = c.x(0).shape();
        Value scores =
                softmax ? ops.emitter().node("LogSoftmax", shape, Attributes.NONE.with("axis", 1L), c.x(0)) : c.x(0);
        Value dScores = c.dy(1).orElse(null);
        Value dWeights = null;
        if (c.dy(0).isPresent()) {
            Value targets = targets(c);
            Value weights = c.has(2) ? ops.reshape(c.x(2), perClass(shape)) : ops.scalar(1);
            Value weighted = ops.mul(targets, weights);
            Value gradient = perTarget(c, reduction, weighted);
            Value loss = ops.unary("Neg", ops.mul(weighted, gradient));
            dScores = dScores == null ? loss : ops.add(dScores, loss);
            Value cost = reduction.equals("mean") ? ops.add(scores, c.y(0)) : scores;
            dWeights = ops.unary("Neg", ops.mul(ops.mul(targets, cost), gradient));
        }
        Value dx = dScores;
        if (softmax) {
            dx = ops.sub(dx, ops.mul(ops.unary("Exp", scores), ops.reduceSum(dx, true, 1)));
        }
        return Gradients.of(
                dx, null, !c.wants(2) || dWeights == null ? null : ops.moveAxis(dWeights, 1, shape.rank() - 1));
    }

    /** {@code [C, 1, …]}. */
    private static TensorShape perClass(TensorShape scores) {
        List<Dim> dims = new ArrayList<>();
        dims.add(scores.dim(1));
        IntStream.range(2, scores.rank()).forEach(axis -> dims.add(Dim.of(1)));
        return new TensorShape(dims);
    }

    /** One where a class is the target and the target counts. */
    private static Value targets(RuleContext c) {
        Ops ops = c.ops();
        Value labels = c.x(1);
        Value hot = ops.emitter()
                .node(
                        "OneHot",
                        c.x(0).shape(),
                        Attributes.NONE.with("axis", 1L),
                        labels,
                        ops.integer(c.x(0).shape().size(1)),
                        ops.floats(0, 1));
        if (!c.attributes().has("ignore_index")) {
            return hot;
        }
        Value ignored = ops.equal(
                ops.cast(labels, DataType.INT64_VALUE),
                ops.integer(c.attributes().integer("ignore_index", 0)));
        return ops.where(ops.unsqueeze(ignored, 1), ops.scalar(0), hot);
    }

    private static Value perTarget(RuleContext c, String reduction, Value weighted) {
        Ops ops = c.ops();
        return switch (reduction) {
            case "none" -> ops.unsqueeze(c.dy(), 1);
            case "sum" -> c.dy();
            default ->
                ops.div(
                        c.dy(),
                        ops.reduceSum(
                                weighted,
                                false,
                                IntStream.range(0, weighted.rank()).toArray()));
        };
    }
}
