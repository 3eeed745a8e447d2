package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead.Fed;
import io.squisher.onnx.fisher.rules.RowGradient;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.List;
import java.util.Optional;

/** The graph as the estimator runs it: sums stay scaled and in the order that is computed, and rows of tables are added up outside. */
public record EstimatorForm() implements GraphForm {
    @Override
    public Fed fed(Ops ops, LikelihoodHead head) {
        return head.asInputs();
    }

    @Override
    public List<ValueInfoProto> inputs(LikelihoodHead head) {
        return List.of(head.labelInput(LikelihoodHead.LABELS), head.maskInput(LikelihoodHead.MASK));
    }

    @Override
    public ElementOrder.Found sum(Ops ops, Value scaled) {
        return ElementOrder.before(scaled, ops.emitter());
    }

    @Override
    public Optional<Value> sumOfSquares(Ops ops, RowGradient rows, TensorShape table) {
        return Optional.empty();
    }

    @Override
    public String outputName(String parameter) {
        return "squisher.fisher/" + parameter;
    }

    @Override
    public String description() {
        return "";
    }
}
