package io.squisher.onnx.autodiff;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Opset;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What a rule sees of its node.
 *
 * @param node the node, at opset {@link Opset#VERSION}
 * @param values shapes and constants of the graph
 * @param outputGradients the gradient at each output; null where none arrives
 * @param wanted which input positions need a gradient
 * @param ops writes the gradient's nodes
 */
public record RuleContext(Node node, GraphValues values, List<Value> outputGradients, IntPredicate wanted, Ops ops) {
    /** Input {@code position} of the forward node. */
    public Value x(int position) {
        return values.value(node.input(position));
    }

    /** Output {@code position} of the forward node. */
    public Value y(int position) {
        return values.value(node.output(position));
    }

    /** Gradient at the first output. */
    public Value dy() {
        return outputGradients.get(0);
    }

    /** Gradient at an output, if one arrives there. */
    public Optional<Value> dy(int position) {
        return position < outputGradients.size()
                ? Optional.ofNullable(outputGradients.get(position))
                : Optional.empty();
    }

    public boolean has(int position) {
        return node.hasInput(position);
    }

    /** Whether anybody needs the gradient of an input; a rule may skip costly work otherwise. */
    public boolean wants(int position) {
        return node.hasInput(position) && wanted.test(position);
    }

    public Attributes attributes() {
        return node.attributes();
    }

    /** The value of an input that is known before the graph runs. */
    public Optional<Tensor> constant(int position) {
        return values.graph().stored(node.input(position)).map(OnnxTensors::read);
    }

    /** The integers of an input that must be known before the graph runs. */
    public long[] integers(int position, String role) {
        return constant(position)
                .map(Tensor::toLongs)
                .orElseThrow(() -> refuse("its " + role + " is computed in the graph; export with fixed " + role));
    }

    /** An axis counted from 0. */
    public int axis(long axis, int rank) {
        return Axes.fromFirst(axis, rank);
    }

    /** The error for a case that the rule has no derivative for; {@code reason} says why and the way out. */
    public SquisherException refuse(String reason) {
        return new SquisherException(node + " (opset " + Opset.VERSION + "): " + reason);
    }

    /** The error for a node whose rule cannot tell the examples of a batch apart, as it can a single one. */
    public AcrossExamplesException acrossExamples(String reason) {
        return new AcrossExamplesException(refuse(reason).getMessage());
    }
}
