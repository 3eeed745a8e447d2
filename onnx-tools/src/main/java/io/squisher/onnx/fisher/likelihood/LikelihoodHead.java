package io.squisher.onnx.fisher.likelihood;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The end of the graph: the gradient of the log-likelihood with respect to the model's output, and the inputs that choose
 * the labels. One for each likelihood.
 */
public sealed interface LikelihoodHead permits CategoricalHead, IndependentHead {
    /** Name of the input with the labels. */
    String LABELS = "squisher.labels";

    /** Name of the input with the weights of positions: 0 where one does not count. */
    String MASK = "squisher.mask";

    /**
     * What the graph is told of the labels.
     *
     * @param labels of {@link #labelShape}
     * @param mask the weights of the labels: 0 where one does not count
     */
    record Fed(Value labels, Value mask) {}

    /** Labels and mask as two inputs of the graph. */
    default Fed asInputs() {
        return new Fed(new Value(LABELS, labelShape()), new Value(MASK, labelShape()));
    }

    /** The data's labels as they are, the mask made of them in the graph. */
    Fed ofLabels(Ops ops, Value labels);

    /** The declaration of an input with labels. */
    default ValueInfoProto labelInput(String name) {
        return declaration(name, labelType());
    }

    /** The declaration of an input with a mask. */
    default ValueInfoProto maskInput(String name) {
        return declaration(name, ElementType.F32);
    }

    private ValueInfoProto declaration(String name, ElementType type) {
        long[] dims = labelShape().dims().stream()
                .mapToLong(dim -> dim.perExample() ? -1 : dim.factor())
                .toArray();
        return ModelBuilder.input(name, OnnxElementTypes.toOnnx(type), dims);
    }

    /** {@code ∂ log p(y|x) / ∂f} of the model's output f, for the labels that are fed. */
    Value labelGradient(Ops ops, Value output, Fed fed);

    /**
     * The gradient of one pass of the exact Fisher: squares of what follows from it, summed over the passes, are the
     * expectation under the model's labels.
     */
    Value expectationGradient(Ops ops, Value output, Fed fed);

    /**
     * {@code √E[s_j²]} of each output j with {@code s} the derivative of the log-likelihood with respect to it: the seed of all
     * passes of the exact Fisher at once, for whatever acts on one output alone.
     */
    Value rootOfExpectedSquares(Ops ops, Value output, Fed fed);

    /** How many passes the exact Fisher takes. */
    long passes();

    /**
     * What to feed for the data's labels.
     *
     * @param labels the batch's labels, in the type that {@link #labelType} gives
     * @param firstExample number of the batch's first example, for messages
     * @param valid how many rows of the batch are examples; the rest is padding
     */
    Map<String, Tensor> targets(Tensor labels, long firstExample, int valid);

    /** What to feed for one pass of the exact Fisher; {@code labels}, if known, tell which positions do not count. */
    Map<String, Tensor> targetsOfPass(long pass, Tensor labels, int rows, int valid);

    /** What to feed for all passes of the exact Fisher at once. */
    Map<String, Tensor> targetsOfAllPasses(Tensor labels, int rows);

    /** Labels drawn from the model's output, one generator an example, in the form of the data's. */
    Tensor draw(Tensor output, List<? extends RandomGenerator> generators);

    /** The element type of labels. */
    ElementType labelType();

    /** The shape of labels: {@code [N, …]}. */
    TensorShape labelShape();
}
