package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * LSTM, GRU and RNN with time as the first axis and every hidden state as an output, which is what their gradients are
 * computed from. ONNX Runtime runs no other layout.
 */
final class RecurrentAdapter {
    /** X, and the initial states, by position; axes 0 and 1 of both are swapped. */
    private static final List<Integer> BATCHED_INPUTS = List.of(0, 5, 6);

    private RecurrentAdapter() {}

    static void raise(Node node, OpsetRaiser raiser) {
        boolean batchFirst = node.attributes().integer("layout", 0) == 1;
        List<String> inputs = new ArrayList<>(node.inputs());
        List<String> outputs = new ArrayList<>();
        int states = node.op().equals("LSTM") ? 3 : 2;
        for (int i = 0; i < states; i++) {
            boolean own = batchFirst || i == 0 && node.output(i).isEmpty();
            outputs.add(own ? raiser.fresh(node.name() + "/state" + i) : node.output(i));
        }
        if (batchFirst) {
            BATCHED_INPUTS.stream()
                    .filter(node::hasInput)
                    .forEach(i -> inputs.set(i, transposed(node, node.input(i), raiser)));
        }
        Attributes attributes = node.attributes().without("layout", "output_sequence");
        raiser.emit(new Node(node.name(), node.op(), "", inputs, outputs, attributes));
        if (batchFirst) {
            for (int i = 0; i < states; i++) {
                if (!node.output(i).isEmpty()) {
                    // Y [time, direction, batch, hidden] to [batch, time, direction, hidden]; the last states swap two.
                    long[] order = i == 0 ? new long[] {2, 0, 1, 3} : new long[] {1, 0, 2};
                    raiser.emit(new Node(
                            node.name() + "/layout" + i,
                            "Transpose",
                            "",
                            List.of(outputs.get(i)),
                            List.of(node.output(i)),
                            Attributes.NONE.with("perm", order)));
                }
            }
        }
    }

    private static String transposed(Node node, String value, OpsetRaiser raiser) {
        return raiser.emit(node, "Transpose", List.of(value), Attributes.NONE.with("perm", new long[] {1, 0, 2}));
    }
}
