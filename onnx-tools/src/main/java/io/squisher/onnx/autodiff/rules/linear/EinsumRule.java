package io.squisher.onnx.autodiff.rules.linear;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gradient of Einsum: with respect to an input, the Einsum of the output's gradient and the other inputs to that input's
 * term. Letters that only this input has were summed over: the gradient is repeated along them. Of a letter that the input
 * has twice only the diagonal was read: an identity matrix ties the two axes.
 */
public final class EinsumRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        int count = c.node().inputs().size();
        EinsumEquation equation = EinsumEquation.parse(
                c.attributes().string("equation", ""),
                IntStream.range(0, count).map(i -> c.x(i).rank()).toArray());
        refuseMixing(c, equation);
        List<Value> gradients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            gradients.add(c.wants(i) ? gradient(c, equation, i) : null);
        }
        return Gradients.of(gradients);
    }

    private static void refuseMixing(RuleContext c, EinsumEquation equation) {
        for (int i = 0; i < equation.inputs().size(); i++) {
            int example = c.x(i).shape().exampleAxis();
            if (example >= 0
                    && equation.output().indexOf(equation.inputs().get(i).charAt(example)) < 0) {
                throw c.refuse("sums over the axis of the examples, which mixes them");
            }
        }
    }

    private static Value gradient(RuleContext c, EinsumEquation equation, int position) {
        Ops ops = c.ops();
        List<String> terms = new ArrayList<>(List.of(equation.output()));
        List<Value> operands = new ArrayList<>(List.of(c.dy()));
        for (int i = 0; i < equation.inputs().size(); i++) {
            if (i != position) {
                terms.add(equation.inputs().get(i));
                operands.add(c.x(i));
            }
        }
        String wanted = distinct(c, equation, position, terms, operands);
        StringBuilder found = new StringBuilder();
        List<Dim> dims = new ArrayList<>();
        List<Dim> restored = new ArrayList<>();
        boolean repeated = false;
        for (int axis = 0; axis < wanted.length(); axis++) {
            Dim dim = dim(wanted.charAt(axis), terms, operands);
            if (dim != null) {
                found.append(wanted.charAt(axis));
                dims.add(dim);
            }
            repeated |= dim == null;
            restored.add(dim == null ? Dim.of(1) : dim);
        }
        Value gradient = ops.emitter()
                .node(
                        "Einsum",
                        new TensorShape(dims),
                        Attributes.NONE.with("equation", String.join(",", terms) + "->" + found),
                        operands.toArray(Value[]::new));
        return repeated ? ops.expandLike(ops.reshape(gradient, new TensorShape(restored)), c.x(position)) : gradient;
    }

    /** The input's term with a new letter where one comes again, and an identity matrix for each of these. */
    private static String distinct(
            RuleContext c, EinsumEquation equation, int position, List<String> terms, List<Value> operands) {
        String term = equation.inputs().get(position);
        StringBuilder distinct = new StringBuilder();
        for (int axis = 0; axis < term.length(); axis++) {
            char letter = term.charAt(axis);
            if (term.indexOf(letter) == axis) {
                distinct.append(letter);
            } else {
                String twin = EinsumEquation.unused(equation.toString() + distinct, 1);
                distinct.append(twin);
                terms.add(letter + twin);
                operands.add(
                        identity(c.ops(), Math.toIntExact(c.x(position).shape().size(axis))));
            }
        }
        return distinct.toString();
    }

    private static Value identity(Ops ops, int size) {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return ops.emitter().constant(Tensor.of(Shape.of(size, size), values));
    }

    /** The size that a letter has in some operand, broadcast; null if none has it. */
    private static Dim dim(char letter, List<String> terms, List<Value> operands) {
        Dim found = null;
        for (int i = 0; i < terms.size(); i++) {
            int axis = terms.get(i).indexOf(letter);
            if (axis >= 0 && (found == null || found.isOne())) {
                found = operands.get(i).shape().dim(axis);
            }
        }
        return found;
    }
}
