package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead.Fed;
import io.squisher.onnx.fisher.rules.EqualRows;
import io.squisher.onnx.fisher.rules.RowGradient;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.List;
import java.util.Optional;

/**
 * The graph for any ONNX runtime, without this program: it is fed the labels as the data has them, and everything up to
 * the sums happens in it.
 *
 * @param labels name of the input with the labels
 * @param sums what the outputs are; of the exact Fisher the graph computes one pass, and is fed a mask as well
 */
public record StandaloneForm(String labels, Sums sums) implements GraphForm {
    /** Quantities that are summed over the examples of a batch. */
    public enum Sums {
        /** Squares of gradients at the labels that are fed. */
        SQUARES,
        /** Squares of gradients of one pass of the exact Fisher. */
        SQUARES_OF_A_PASS,
        /** Gradients themselves. */
        GRADIENTS
    }

    @Override
    public Fed fed(Ops ops, LikelihoodHead head) {
        Value fed = new Value(labels, head.labelShape());
        return isExact() ? new Fed(fed, new Value(LikelihoodHead.MASK, head.labelShape())) : head.ofLabels(ops, fed);
    }

    @Override
    public List<ValueInfoProto> inputs(LikelihoodHead head) {
        return isExact()
                ? List.of(head.labelInput(labels), head.maskInput(LikelihoodHead.MASK))
                : List.of(head.labelInput(labels));
    }

    private boolean isExact() {
        return sums == Sums.SQUARES_OF_A_PASS;
    }

    private boolean isJoint() {
        return sums == Sums.GRADIENTS;
    }

    @Override
    public ElementOrder.Found sum(Ops ops, Value scaled) {
        double scale = FisherGraphBuilder.SCALE;
        return ElementOrder.asIs(ops.scale(scaled, isJoint() ? 1 / scale : 1 / (scale * scale)));
    }

    @Override
    public Optional<Value> sumOfSquares(Ops ops, RowGradient rows, TensorShape table) {
        EqualRows equal = EqualRows.of(ops, rows, table.size(0));
        Value row = equal.row();
        Value squares = equal.squares();
        long tokens = row.shape().size(1);
        Dim all = new Dim(1, tokens, true);
        Dim width = squares.shape().dim(2);
        Value flat = ops.reshape(squares, TensorShape.of(all, width));
        Value at = ops.expandLike(ops.reshape(row, TensorShape.of(all, Dim.of(1))), flat);
        TensorShape matrix = TensorShape.of(table.dim(0), width);
        Value sum = ops.emitter()
                .node(
                        "ScatterElements",
                        matrix,
                        Attributes.NONE.with("axis", 0).with("reduction", "add"),
                        ops.zeros(matrix, flat),
                        at,
                        flat);
        return Optional.of(ops.reshape(sum, table));
    }

    @Override
    public String outputName(String parameter) {
        return (isJoint() ? "squisher.gradient/" : "squisher.fisher/") + parameter;
    }

    @Override
    public String description() {
        if (isJoint()) {
            return "Outputs sum the gradient of the log-likelihood, the direction of ascent, for each parameter over"
                    + " the examples of the batch: a sum, no mean. The joint Fisher of N examples is the square of the sum"
                    + " over all of them, over N.";
        }
        String sum = "Outputs sum the square of each parameter's gradient over the examples of the batch. ";
        return isExact()
                ? sum + "For the exact Fisher add the outputs up over passes, in each of which '" + labels
                        + "' is one class everywhere and '" + LikelihoodHead.MASK
                        + "' is 1 at one of the positions that have a label and 0 elsewhere; then divide by the number"
                        + " of examples."
                : sum
                        + "Divided by the number of examples this is the empirical Fisher; with labels drawn from the"
                        + " model, a sampled one.";
    }
}
