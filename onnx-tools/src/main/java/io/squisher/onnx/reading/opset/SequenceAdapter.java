package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Parts of a tensor that SplitToSequence takes apart and SequenceAt picks by known numbers: what PyTorch's exporter leaves
 * of {@code split}, {@code chunk} and {@code unbind} without its optimizer. Each becomes a Slice; all other sequences stay,
 * and are refused where a gradient meets them.
 */
final class SequenceAdapter {
    private SequenceAdapter() {}

    static void at(Node node, OpsetRaiser raiser) {
        Optional<Node> split =
                raiser.producer(node.input(0)).filter(made -> made.op().equals("SplitToSequence"));
        Optional<Tensor> index = raiser.stored(node.input(1));
        Optional<long[]> range = split.isPresent() && index.isPresent()
                ? range(split.get(), index.get().toLongs()[0], raiser)
                : Optional.empty();
        if (range.isEmpty()) {
            raiser.emit(node);
            return;
        }
        long axis = split.get().attributes().integer("axis", 0);
        boolean keeps = split.get().hasInput(1) || split.get().attributes().integer("keepdims", 1) != 0;
        String from = vector(node, raiser, "from", range.get()[0]);
        String x = split.get().input(0);
        if (keeps) {
            String to = vector(node, raiser, "to", range.get()[1]);
            List<String> inputs = List.of(x, from, to, vector(node, raiser, "axes", axis));
            raiser.emit(new Node(node.name(), "Slice", "", inputs, node.outputs(), Attributes.NONE));
        } else {
            String number = raiser.constant(node, "number", Tensor.of(Shape.of(), range.get()[0]));
            Attributes along = Attributes.NONE.with("axis", axis);
            raiser.emit(new Node(node.name(), "Gather", "", List.of(x, number), node.outputs(), along));
        }
    }

    /** Where the part begins and ends; empty where that depends on the size of the whole. */
    private static Optional<long[]> range(Node split, long index, OpsetRaiser raiser) {
        if (!split.hasInput(1)) {
            return index < 0 ? Optional.empty() : Optional.of(new long[] {index, index + 1});
        }
        Optional<Tensor> sizes = raiser.stored(split.input(1));
        if (sizes.isEmpty() || sizes.get().shape().rank() == 0 && index < 0) {
            return Optional.empty();
        }
        long[] parts = sizes.get().toLongs();
        if (sizes.get().shape().rank() == 0) {
            return Optional.of(new long[] {index * parts[0], (index + 1) * parts[0]});
        }
        long part = index < 0 ? index + parts.length : index;
        long from = 0;
        for (int i = 0; i < part; i++) {
            from += parts[i];
        }
        return Optional.of(new long[] {from, from + parts[(int) part]});
    }

    private static String vector(Node node, OpsetRaiser raiser, String role, long value) {
        return raiser.constant(node, role, Tensor.of(Shape.of(1), value));
    }
}
