package io.squisher.onnx.fisher;

import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Models that end in the function which turns logits into probabilities: the likelihood takes the logits from before it,
 * where nothing is rounded to 0 or 1.
 */
final class OutputActivation {
    private OutputActivation() {}

    /**
     * The logits behind an output.
     *
     * @param value where the likelihood's logits are
     * @param activation the node that was left out, if any
     */
    record Logits(String value, Optional<Node> activation) {}

    /** Looks for a final Softmax or LogSoftmax (categorical), or Sigmoid (bernoulli). */
    static Logits of(Graph graph, String output, Likelihood likelihood) {
        Set<String> functions;
        if (likelihood instanceof Likelihood.Bernoulli) {
            functions = Set.of("Sigmoid");
        } else if (likelihood instanceof Likelihood.Gaussian) {
            functions = Set.of();
        } else {
            functions = Set.of("Softmax", "LogSoftmax");
        }
        Map<String, Node> producers = graph.producers();
        Node last = skipped(producers, output, "Identity");
        if (last == null) {
            return new Logits(output, Optional.empty());
        }
        if (functions.contains(last.op())) {
            return new Logits(last.input(0), Optional.of(last));
        }
        // Before opset 13 Softmax flattened its input, which the reader writes out as Flatten, Softmax, Reshape.
        Node inner = last.op().equals("Reshape") ? producers.get(last.input(0)) : null;
        Node flatten = inner == null ? null : producers.get(inner.input(0));
        if (inner != null
                && functions.contains(inner.op())
                && flatten != null
                && flatten.op().equals("Flatten")) {
            return new Logits(flatten.input(0), Optional.of(inner));
        }
        return new Logits(output, Optional.empty());
    }

    private static Node skipped(Map<String, Node> producers, String value, String op) {
        Node node = producers.get(value);
        while (node != null && node.op().equals(op)) {
            node = producers.get(node.input(0));
        }
        return node;
    }
}
