package io.squisher.onnx.autodiff.rules.indexing;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto.DataType;

/**
 * Gradient of ScatterElements and ScatterND: of the data, what was not overwritten; of the updates, the gradient where each
 * was put. With a reduction, that of the sum, the product or the extremum of the element and its updates.
 */
public final class ScatterRule implements GradientRule {
    private final String scatter;
    private final String gather;

    /**
     * @param scatter the operator
     * @param gather the operator that reads where it writes
     */
    public ScatterRule(String scatter, String gather) {
        this.scatter = scatter;
        this.gather = gather;
    }

    @Override
    public Gradients apply(RuleContext c) {
        refuseExamples(c);
        return switch (c.attributes().string("reduction", "none")) {
            case "none" ->
                Gradients.of(
                        scatter(c, "none", c.dy(), c.ops().zeros(c.x(2).shape(), c.x(2))), null, gather(c, c.dy()));
            case "add" -> Gradients.of(c.dy(), null, gather(c, c.dy()));
            case "mul" -> product(c);
            default -> extremum(c);
        };
    }

    private void refuseExamples(RuleContext c) {
        int example = c.x(0).shape().exampleAxis();
        boolean byElement = scatter.equals("ScatterElements");
        boolean mixed = byElement
                ? example == c.axis(c.attributes().integer("axis", 0), c.x(0).rank())
                        || c.x(2).shape().exampleAxis() != example
                : example < c.x(1).shape().size(c.x(1).rank() - 1);
        if (mixed && !ownRows(c) && (example >= 0 || c.x(2).shape().hasExamples())) {
            throw c.acrossExamples("writes along the axis of the examples, which mixes them");
        }
    }

    /**
     * Whether each example has one update, put where the number of examples says: as exporters number the rows of {@code
     * y[:, 1] = x}. That the numbers are the examples' own shows when the graph runs on different batches.
     */
    private boolean ownRows(RuleContext c) {
        boolean rows = true;
        for (int position = 0; position < 3; position++) {
            TensorShape shape = c.x(position).shape();
            rows &= shape.exampleAxis() == 0 && shape.size(0) == 1;
        }
        return rows
                && scatter.equals("ScatterND")
                && c.values().followsFromShapes(c.node().input(1));
    }

    private Value scatter(RuleContext c, String reduction, Value data, Value updates) {
        Attributes attributes = c.attributes().with("reduction", reduction);
        return c.ops().emitter().node(scatter, data.shape(), attributes, data, c.x(1), updates);
    }

    private Value gather(RuleContext c, Value data) {
        return c.ops().emitter().node(gather, c.x(2).shape(), c.attributes().without("reduction"), data, c.x(1));
    }

    /** An update gets dy times the product of the element and all other updates; zeros are counted apart. */
    private Gradients product(RuleContext c) {
        Ops ops = c.ops();
        Value updates = c.x(2);
        Value dx = scatter(c, "mul", c.dy(), updates);
        Value isZero = ops.equal(updates, ops.scalar(0));
        Value nonZero = ops.where(isZero, ops.scalar(1), updates);
        Value none = ops.zeros(c.x(0).shape(), c.x(0));
        Value zeros = gather(c, scatter(c, "add", none, ops.cast(isZero, DataType.FLOAT_VALUE)));
        Value product = gather(c, ops.mul(c.dy(), scatter(c, "mul", c.x(0), nonZero)));
        Value others = ops.where(
                isZero,
                ops.where(ops.equal(zeros, ops.scalar(1)), product, ops.scalar(0)),
                ops.where(ops.equal(zeros, ops.scalar(0)), ops.div(product, nonZero), ops.scalar(0)));
        return Gradients.of(dx, null, others);
    }

    /** The gradient goes to those that equal the result, in equal parts. */
    private Gradients extremum(RuleContext c) {
        Ops ops = c.ops();
        Value kept = ops.cast(ops.equal(c.x(0), c.y(0)), DataType.FLOAT_VALUE);
        Value won = ops.cast(ops.equal(c.x(2), gather(c, c.y(0))), DataType.FLOAT_VALUE);
        Value share = ops.div(c.dy(), scatter(c, "add", kept, won));
        return Gradients.of(ops.mul(share, kept), null, ops.mul(gather(c, share), won));
    }
}
