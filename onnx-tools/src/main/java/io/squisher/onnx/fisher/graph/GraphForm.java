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

/** How a gradient graph meets the outside: what it is fed, and in what form the sums leave it. */
public sealed interface GraphForm permits EstimatorForm, StandaloneForm {
    /** What the graph knows of the labels. */
    Fed fed(Ops ops, LikelihoodHead head);

    /** The inputs that are added to the model's. */
    List<ValueInfoProto> inputs(LikelihoodHead head);

    /** A sum over the examples, as it leaves the graph, and the order of its elements. */
    ElementOrder.Found sum(Ops ops, Value scaled);

    /** The sum of squares of row gradients of a table; empty where the rows leave the graph. */
    Optional<Value> sumOfSquares(Ops ops, RowGradient rows, TensorShape table);

    /** The name of a parameter's output. */
    String outputName(String parameter);

    /** What the graph does, for whoever opens it. */
    String description();
}
