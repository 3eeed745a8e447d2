package io.squisher.onnx.shape;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import java.util.Map;

/**
 * Finds, for axes in which the examples were merged with other axes, on which side of the example those are: {@code
 * [N, T]} flattened counts the example outermost, {@code [T, N]} innermost.
 */
public final class ExampleLayout {
    private ExampleLayout() {}

    /**
     * Completes {@code shapes} in place, in which merged axes have their factor as inner.
     *
     * @throws SquisherException if a Reshape cuts across examples
     */
    public static void resolve(Graph graph, Map<String, TensorShape> shapes) {
        for (Node node : graph.nodes()) {
            for (String output : node.outputs()) {
                TensorShape shape = shapes.get(output);
                if (shape != null && shape.hasExamples()) {
                    shapes.put(output, resolved(node, shape, shapes));
                }
            }
        }
    }

    private static TensorShape resolved(Node node, TensorShape shape, Map<String, TensorShape> shapes) {
        if (node.op().equals("Reshape") || node.op().equals("Flatten")) {
            TensorShape input = shapes.get(node.input(0));
            return input != null && input.hasExamples() ? reshaped(node, input, shape) : shape;
        }
        int axis = shape.exampleAxis();
        if (shape.size(axis) == 1) {
            return shape;
        }
        for (String input : node.inputs()) {
            TensorShape candidate = shapes.get(input);
            if (candidate != null
                    && candidate.hasExamples()
                    && candidate.size(candidate.exampleAxis()) == shape.size(axis)) {
                return shape.with(axis, candidate.dim(candidate.exampleAxis()));
            }
        }
        throw new SquisherException(node + " makes an axis of " + shape.dim(axis)
                + ", and it cannot be told which elements belong to which example");
    }

    /** Row-major order stays, so what is outside the example before is outside it after. */
    private static TensorShape reshaped(Node node, TensorShape from, TensorShape to) {
        int before = from.exampleAxis();
        long outside = from.product(0, before) * from.dim(before).outer();
        int after = to.exampleAxis();
        long leading = to.product(0, after);
        long factor = to.size(after);
        if (outside % leading != 0 || factor % (outside / leading) != 0) {
            throw new SquisherException(node + " reshapes " + from + " to " + to
                    + ", which cuts across examples; their axis must stay whole");
        }
        long outer = outside / leading;
        return to.with(after, new Dim(outer, factor / outer, true));
    }
}
